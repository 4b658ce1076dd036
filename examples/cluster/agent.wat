;; An agent as a core module, so that no compiler is needed: it asks a model one question, and its answer is the body of the response.
;; agent.wasm is this text: npx @bytecodealliance/jco parse agent.wat -o agent.wasm
(module
  (import "spear" "cchat_create" (func $create (result i32)))
  (import "spear" "cchat_write_msg" (func $write (param i32 i32 i32 i32 i32) (result i32)))
  (import "spear" "cchat_send" (func $send (param i32 i32) (result i32)))
  (import "spear" "cchat_recv" (func $receive (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $print (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (data (i32.const 0) "user")
  (data (i32.const 16) "Which lamp fits the desk?")
  (func (export "_start")
    (local $session i32)
    (local.set $session (call $create))
    (drop (call $write (local.get $session) (i32.const 0) (i32.const 4) (i32.const 16) (i32.const 25)))
    ;; The room for the body: 64 KiB from 1024 on. 76 holds the room, and then the length of the body.
    (i32.store (i32.const 72) (i32.const 1024))
    (i32.store (i32.const 76) (i32.const 65536))
    (if (i32.ge_s (call $receive (call $send (local.get $session) (i32.const 0)) (i32.const 1024) (i32.const 76)) (i32.const 0))
      (then (drop (call $print (i32.const 1) (i32.const 72) (i32.const 1) (i32.const 80)))))))
