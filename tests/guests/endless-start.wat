;; Never ends, and not even begins: it loops while it is being instantiated.
(module
  (func $start (loop $again (br $again)))
  (start $start)
  (func (export "decide")
    nop))
