;; Does what a policy should: the one that the others are held against.
(module
  (import "concord:policy/dossier@0.1.0" "integer" (func $integer (param i32 i32 i32 i32 i32)))
  (import "concord:policy/ruling@0.1.0" "clause" (func $clause (param i32 i32 i32 i32)))
  (import "concord:policy/funding@0.1.0" "award" (func $award (param i32 i64 i32)))
  (memory (export "memory") 1)
  (func (export "decide")
    (call $integer (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 16)) ;; project.level
    (call $clause (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)) ;; asked: met
    (call $clause (i32.const 1) (i32.const 1) (i32.const 0) (i32.const 0)) ;; of-each, party 0: met
    (call $award (i32.const 1) (i64.const 100) (i32.const 156)))) ;; CNY 1.00
