/**
 * A core module in text form that transcribes 960 bytes of silence: writes them before it connects, ends the utterance, waits by epoll, and logs
 * each event. Ends after the second event, or when the session fails.
 *
 * Memory: 8 the length of an answer, 512 texts, 1024 the records of epoll, 4096 the audio, 8192 an event.
 */
export const TRANSCRIPTION_GUEST = `(module
	(import "spear" "rtasr_create" (func $create (result i32)))
	(import "spear" "rtasr_ctl" (func $ctl (param i32 i32 i32 i32) (result i32)))
	(import "spear" "rtasr_write" (func $write (param i32 i32 i32) (result i32)))
	(import "spear" "rtasr_read" (func $read (param i32 i32 i32) (result i32)))
	(import "spear" "rtasr_close" (func $close (param i32) (result i32)))
	(import "spear" "spear_epoll_create" (func $epoll_create (result i32)))
	(import "spear" "spear_epoll_ctl" (func $epoll_ctl (param i32 i32 i32 i32) (result i32)))
	(import "spear" "spear_epoll_wait" (func $epoll_wait (param i32 i32 i32 i32) (result i32)))
	(import "spear" "log" (func $log (param i32 i32 i32) (result i32)))
	(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
	(memory (export "memory") 1)
	(data (i32.const 512) "{\\"key\\":\\"transport\\",\\"value\\":\\"websocket\\"}")
	(data (i32.const 640) "{\\"strategy\\":\\"manual\\"}")
	(func $command (param $session i32) (param $command i32) (param $pointer i32) (param $length i32)
		(i32.store (i32.const 8) (local.get $length))
		(if (call $ctl (local.get $session) (local.get $command) (local.get $pointer) (i32.const 8)) (then (call $exit (i32.const 2)))))
	(func (export "_start") (local $session i32) (local $epoll i32) (local $length i32) (local $events i32)
		(local.set $session (call $create))
		(call $command (local.get $session) (i32.const 1) (i32.const 512) (i32.const 39))
		(call $command (local.get $session) (i32.const 7) (i32.const 640) (i32.const 21))
		(if (i32.ne (call $write (local.get $session) (i32.const 4096) (i32.const 960)) (i32.const 960)) (then (call $exit (i32.const 3))))
		(call $command (local.get $session) (i32.const 5) (i32.const 0) (i32.const 0))
		(call $command (local.get $session) (i32.const 2) (i32.const 0) (i32.const 0))
		(local.set $epoll (call $epoll_create))
		(drop (call $epoll_ctl (local.get $epoll) (i32.const 1) (local.get $session) (i32.const 25)))
		(loop $waits
			(i32.store (i32.const 8) (i32.const 64))
			(if (i32.ne (call $epoll_wait (local.get $epoll) (i32.const 1024) (i32.const 8) (i32.const -1)) (i32.const 1))
				(then (call $exit (i32.const 4))))
			(if (i32.and (i32.load (i32.const 1028)) (i32.const 24)) (then (call $exit (i32.const 5))))
			(i32.store (i32.const 8) (i32.const 2048))
			(local.set $length (call $read (local.get $session) (i32.const 8192) (i32.const 8)))
			(if (i32.gt_s (local.get $length) (i32.const 0)) (then
				(drop (call $log (i32.const 2) (i32.const 8192) (local.get $length)))
				(local.set $events (i32.add (local.get $events) (i32.const 1)))))
			(br_if $waits (i32.lt_u (local.get $events) (i32.const 2))))
		(drop (call $close (local.get $session)))))`;
