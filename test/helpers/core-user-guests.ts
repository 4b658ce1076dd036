/** Core modules in text form that talk with their user. */

/** Calls of the guests, by short names. */
const IMPORTS = `
	(import "spear" "spear_epoll_create" (func $epoll_create (result i32)))
	(import "spear" "spear_epoll_ctl" (func $epoll_ctl (param i32 i32 i32 i32) (result i32)))
	(import "spear" "spear_epoll_wait" (func $epoll_wait (param i32 i32 i32 i32) (result i32)))
	(import "spear" "user_stream_ctl_open" (func $ctl_open (result i32)))
	(import "spear" "user_stream_ctl_read" (func $ctl_read (param i32 i32 i32) (result i32)))
	(import "spear" "user_stream_open" (func $open (param i32 i32) (result i32)))
	(import "spear" "user_stream_read" (func $read (param i32 i32 i32) (result i32)))
	(import "spear" "user_stream_write" (func $write (param i32 i32 i32) (result i32)))
	(import "spear" "mic_create" (func $mic_create (result i32)))
	(import "spear" "mic_ctl" (func $mic_ctl (param i32 i32 i32 i32) (result i32)))
	(import "spear" "mic_read" (func $mic_read (param i32 i32 i32) (result i32)))
	(import "spear" "log" (func $log (param i32 i32 i32) (result i32)))`;

/**
 * Returns every frame to its stream, as voice guests do: a frame for which there is no room is lost. Watches up to 16 streams for reading and writing, all the time. Ends when the user has
 * gone. Memory: 8 the length of an answer, 16 an event, 256 the descriptors of the streams, 1024 the records of epoll, 65536 a frame.
 */
export const ECHO = `(module ${IMPORTS}
	(memory (export "memory") 8)
	(func $ready (param $epoll i32) (param $fd i32) (param $ctl i32) (result i32)
		(local $length i32) (local $slot i32)
		(if (i32.ne (local.get $fd) (local.get $ctl)) (then
			(block $empty (loop $frames
				(i32.store (i32.const 8) (i32.const 262144))
				(local.set $length (call $read (local.get $fd) (i32.const 65536) (i32.const 8)))
				(br_if $empty (i32.lt_s (local.get $length) (i32.const 0)))
				(drop (call $write (local.get $fd) (i32.const 65536) (local.get $length)))
				(br $frames)))
			(return (i32.const 0))))
		(block $empty (loop $events
			(i32.store (i32.const 8) (i32.const 8))
			(br_if $empty (i32.lt_s (call $ctl_read (local.get $ctl) (i32.const 16) (i32.const 8)) (i32.const 0)))
			(if (i32.eq (i32.load (i32.const 20)) (i32.const 2)) (then (return (i32.const 1))))
			(local.set $slot (i32.add (i32.const 256) (i32.mul (i32.const 4) (i32.and (i32.load (i32.const 16)) (i32.const 15)))))
			(br_if $events (i32.load (local.get $slot)))
			(i32.store (local.get $slot) (call $open (i32.load (i32.const 16)) (i32.const 3)))
			(drop (call $epoll_ctl (local.get $epoll) (i32.const 1) (i32.load (local.get $slot)) (i32.const 29)))
			(br $events)))
		(i32.const 0))
	(func (export "_start")
		(local $epoll i32) (local $ctl i32) (local $count i32) (local $index i32)
		(local.set $epoll (call $epoll_create))
		(local.set $ctl (call $ctl_open))
		(if (i32.lt_s (local.get $ctl) (i32.const 0)) (then (unreachable)))
		(drop (call $epoll_ctl (local.get $epoll) (i32.const 1) (local.get $ctl) (i32.const 29)))
		(loop $waits
			(i32.store (i32.const 8) (i32.const 256))
			(local.set $count (call $epoll_wait (local.get $epoll) (i32.const 1024) (i32.const 8) (i32.const 2000)))
			(local.set $index (i32.const 0))
			(block $done (loop $records
				(br_if $done (i32.ge_s (local.get $index) (local.get $count)))
				(if (call $ready (local.get $epoll)
					(i32.load (i32.add (i32.const 1024) (i32.mul (i32.const 8) (local.get $index)))) (local.get $ctl)) (then (return)))
				(local.set $index (i32.add (local.get $index) (i32.const 1)))
				(br $records)))
			(br $waits))))`;

/** As `ECHO`, but a frame for which there is no room is written again until there is: none is lost. */
export const PATIENT_ECHO = ECHO.replace(
	"(drop (call $write (local.get $fd) (i32.const 65536) (local.get $length)))",
	"(loop $again (br_if $again (i32.eq (call $write (local.get $fd) (i32.const 65536) (local.get $length)) (i32.const -11))))",
);

/** Listens to a device, 24 kHz mono in frames of 20 ms, and logs a point for each loud frame and a dash for each silent one. Ends with the sound. */
export const LISTENER = `(module ${IMPORTS}
	(memory (export "memory") 2)
	(data (i32.const 512) "{\\"source\\":\\"device\\",\\"fallback\\":{\\"to_stub\\":false}}")
	(data (i32.const 600) ".-")
	(func (export "_start")
		(local $epoll i32) (local $mic i32) (local $events i32)
		(local.set $epoll (call $epoll_create))
		(local.set $mic (call $mic_create))
		(i32.store (i32.const 8) (i32.const 48))
		(if (call $mic_ctl (local.get $mic) (i32.const 1) (i32.const 512) (i32.const 8)) (then (unreachable)))
		(drop (call $epoll_ctl (local.get $epoll) (i32.const 1) (local.get $mic) (i32.const 25)))
		(loop $waits
			(i32.store (i32.const 8) (i32.const 8))
			(drop (call $epoll_wait (local.get $epoll) (i32.const 1024) (i32.const 8) (i32.const -1)))
			(local.set $events (i32.load (i32.const 1028)))
			(if (i32.and (local.get $events) (i32.const 1)) (then
				(i32.store (i32.const 8) (i32.const 65536))
				(drop (call $mic_read (local.get $mic) (i32.const 65536) (i32.const 8)))
				(drop (call $log (i32.const 2) (i32.add (i32.const 600) (i32.eqz (i32.load (i32.const 65600)))) (i32.const 1)))
				(br $waits)))
			(br_if $waits (i32.eqz (i32.and (local.get $events) (i32.const 24)))))))`;
