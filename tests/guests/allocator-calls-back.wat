;; Reports a clause from within its allocator, while the host is busy answering.
(module
  (import "concord:policy/dossier@0.1.0" "text" (func $text (param i32 i32 i32 i32 i32)))
  (import "concord:policy/ruling@0.1.0" "clause" (func $clause (param i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (call $clause (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
    (i32.const 64))
  (func (export "decide")
    (call $text (i32.const 0) (i32.const 0) (i32.const 2) (i32.const 0) (i32.const 16))))
