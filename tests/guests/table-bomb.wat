;; Makes a table longer until it is refused, and gives up then.
(module
  (memory (export "memory") 1)
  (table $table 1 funcref)
  (func (export "decide")
    (loop $again
      (br_if $again (i32.ne (table.grow $table (ref.null func) (i32.const 100)) (i32.const -1))))
    unreachable))
