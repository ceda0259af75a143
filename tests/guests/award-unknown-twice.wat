;; Says that the award is not known, and then awards.
(module
  (import "concord:policy/funding@0.1.0" "award" (func $award (param i32 i64 i32)))
  (func (export "decide")
    (call $award (i32.const 0) (i64.const 0) (i32.const 0))
    (call $award (i32.const 1) (i64.const 900) (i32.const 156))))
