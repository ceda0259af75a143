;; Never ends.
(module
  (func (export "decide")
    (loop $again (br $again))))
