;; Asks for all the memory that there can be, at once.
(module
  (memory (export "memory") 1)
  (func (export "decide")
    (drop (memory.grow (i32.const 65000)))))
