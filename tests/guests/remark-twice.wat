;; Makes a remark twice.
(module
  (import "concord:policy/ruling@0.1.0" "note" (func $note (param i32 i32 i32)))
  (func (export "decide")
    (call $note (i32.const 0) (i32.const 0) (i32.const 0))
    (call $note (i32.const 0) (i32.const 0) (i32.const 0))))
