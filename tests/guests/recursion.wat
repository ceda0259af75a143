;; Calls itself without end.
(module
  (func $deeper (param $n i64)
    (call $deeper (i64.add (local.get $n) (i64.const 1)))
    (call $deeper (i64.sub (local.get $n) (i64.const 1))))
  (func (export "decide")
    (call $deeper (i64.const 1))))
