;; Asks for page after page of memory, until it is stopped.
(module
  (memory (export "memory") 1)
  (func (export "decide")
    (loop $again
      (drop (memory.grow (i32.const 1)))
      (br $again))))
