;; Reads beyond its memory.
(module
  (memory (export "memory") 1)
  (func (export "decide")
    (drop (i64.load (i32.const 65530)))))
