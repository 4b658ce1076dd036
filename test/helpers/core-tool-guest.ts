/**
 * Returns a core module in text form that chats with tools of the host: sets the parameters one after the other, sends with automatic tool calls,
 * and logs the body. A parameter that is refused ends the guest, with the errno as its exit code.
 *
 * Memory: 8 the length of an argument, 512 the message, from 1024 the parameters, 65536 the body.
 */
export function coreToolGuest(params: Readonly<Record<string, unknown>>): string {
	const texts = Object.entries(params).map(([key, value]) => JSON.stringify({ key, value }));
	const data = texts.map((text, index) => `(data (i32.const ${1024 + 256 * index}) ${JSON.stringify(text)})`);
	const calls = texts.map((text, index) => `(call $set (local.get $session) (i32.const ${1024 + 256 * index}) (i32.const ${text.length}))`);
	return `(module
	(import "spear" "cchat_create" (func $create (result i32)))
	(import "spear" "cchat_write_msg" (func $message (param i32 i32 i32 i32 i32) (result i32)))
	(import "spear" "cchat_ctl" (func $ctl (param i32 i32 i32 i32) (result i32)))
	(import "spear" "cchat_send" (func $send (param i32 i32) (result i32)))
	(import "spear" "cchat_recv" (func $receive (param i32 i32 i32) (result i32)))
	(import "spear" "log" (func $log (param i32 i32 i32) (result i32)))
	(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
	(memory (export "memory") 3)
	(data (i32.const 512) "userWhat is 2 and 3?")
	${data.join("\n\t")}
	(func $set (param $session i32) (param $pointer i32) (param $length i32) (local $errno i32)
		(i32.store (i32.const 8) (local.get $length))
		(local.set $errno (call $ctl (local.get $session) (i32.const 1) (local.get $pointer) (i32.const 8)))
		(if (local.get $errno) (then (call $exit (i32.sub (i32.const 0) (local.get $errno))))))
	(func (export "_start") (local $session i32)
		(local.set $session (call $create))
		(drop (call $message (local.get $session) (i32.const 512) (i32.const 4) (i32.const 516) (i32.const 16)))
		${calls.join("\n\t\t")}
		(i32.store (i32.const 8) (i32.const 65536))
		(drop (call $log (i32.const 2) (i32.const 65536)
			(call $receive (call $send (local.get $session) (i32.const 2)) (i32.const 65536) (i32.const 8))))))`;
}
