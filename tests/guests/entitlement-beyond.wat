;; Grants an entitlement that is not declared.
(module
  (import "concord:policy/funding@0.1.0" "entitle" (func $entitle (param i32 i32)))
  (func (export "decide")
    (call $entitle (i32.const 1) (i32.const 0))))
