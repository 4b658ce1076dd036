/** Small components in WebAssembly text, for behaviour that no JavaScript guest has. All export the `run` of the ABI's worlds. */

/** The error of `run`, with the types that it is made of. */
export const RUN_ERROR = `
	(type $types
	(instance
		(type (;0;) (enum "invalid-request" "missing-capabilities" "no-candidate-backend" "backend-not-enabled" "rate-limited" "timeout" "backend-error" "cancelled" "not-permitted" "internal"))
		(export (;1;) "error-code" (type (eq 0)))
		(type (;2;) (enum "unary" "server-stream" "bidi-stream"))
		(export (;3;) "transport" (type (eq 2)))
		(type (;4;) (enum "operation" "feature" "transport" "model" "degradation" "limit" "not-allowed" "denied" "no-key" "unhealthy" "saturated" "rate-limited" "already-tried"))
		(export (;5;) "rejection-reason" (type (eq 4)))
		(type (;6;) (option string))
		(type (;7;) (record (field "backend" string) (field "reason" 5) (field "detail" 6)))
		(export (;8;) "rejection" (type (eq 7)))
		(type (;9;) (option 1))
		(type (;10;) (record (field "backend" string) (field "latency-ms" u32) (field "failure" 9) (field "detail" 6)))
		(export (;11;) "attempt" (type (eq 10)))
		(type (;12;) (list string))
		(type (;13;) (list 3))
		(type (;14;) (list 8))
		(type (;15;) (list 11))
		(type (;16;) (record (field "operation" string) (field "model" 6) (field "required-features" 12) (field "required-transports" 13) (field "candidates-checked" u32) (field "eligible" 12) (field "rejected" 14) (field "policy" string) (field "chosen" 6) (field "attempts" 15)))
		(export (;17;) "explanation" (type (eq 16)))
		(type (;18;) (option u32))
		(type (;19;) (option 17))
		(type (;20;) (record (field "code" 1) (field "message" string) (field "retryable" bool) (field "retry-after-ms" 18) (field "operation" 6) (field "explanation" 19)))
		(export (;21;) "error" (type (eq 20)))
		(type (;22;) (variant (case "hostcall" 21) (case "failed" string)))
		(export (;23;) "run-error" (type (eq 22)))
	))
	(import "spear:ai/types@0.1.0" (instance $types (type $types)))
	(alias export $types "run-error" (type $reported))
	(import "run-error" (type $run-error (eq $reported)))`;

/** Exports the `run` of a component that has `RUN_ERROR` already. */
export const RUN_EXPORT = `
	(func $run (param "input" string) (result (result string (error $run-error)))
		(canon lift (core func $i "run") (memory $i "memory") (realloc (func $i "realloc"))))
	(export "run" (func $run))`;

export const RUN = `${RUN_ERROR}${RUN_EXPORT}`;

/** Core code of all components. `$answer` returns `ok` with the two bytes at address 16. */
export const ANSWER = `
	(data (i32.const 16) "ok")
	(func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024)
	(func $answer (result i32)
		(i32.store8 (i32.const 512) (i32.const 0)) (i32.store (i32.const 516) (i32.const 16)) (i32.store (i32.const 520) (i32.const 2))
		(i32.const 512))`;

/** Returns a component. `core` is the body of `run`, and `module` declares the memory and everything else that the body uses. */
export function plainComponent(core: string, module = '(memory (export "memory") 1)'): string {
	return `(component
		(core module $m ${module} ${ANSWER} (func (export "run") (param i32 i32) (result i32) ${core}))
		(core instance $i (instantiate $m))
		${RUN})`;
}

/** Exits, with success for an input of two bytes. */
export const EXITS = `(component
	(import "wasi:cli/exit@0.2.12" (instance $exit (export "exit" (func (param "status" (result))))))
	(core func $lowered (canon lower (func $exit "exit")))
	(core module $m
		(import "host" "exit" (func $exit (param i32)))
		(memory (export "memory") 1)
		${ANSWER}
		(func (export "run") (param i32) (param $length i32) (result i32)
			(call $exit (i32.ne (local.get $length) (i32.const 2)))
			unreachable))
	(core instance $i (instantiate $m (with "host" (instance (export "exit" (func $lowered))))))
	${RUN})`;

/** Waits 100 ms with WASI once, and answers. */
export const WAITS = `(component
	(import "wasi:io/poll@0.2.12" (instance $poll
		(export "pollable" (type $p (sub resource)))
		(export "[method]pollable.block" (func (param "self" (borrow $p))))))
	(alias export $poll "pollable" (type $pollable))
	(import "wasi:clocks/monotonic-clock@0.2.12" (instance $clock
		(alias outer 1 $pollable (type $outer))
		(export "pollable" (type $p (eq $outer)))
		(export "subscribe-duration" (func (param "when" u64) (result (own $p))))))
	(core func $subscribe (canon lower (func $clock "subscribe-duration")))
	(core func $block (canon lower (func $poll "[method]pollable.block")))
	(core module $m
		(import "host" "subscribe" (func $subscribe (param i64) (result i32)))
		(import "host" "block" (func $block (param i32)))
		(memory (export "memory") 1)
		${ANSWER}
		(func (export "run") (param i32 i32) (result i32)
			(call $block (call $subscribe (i64.const 100000000)))
			(call $answer)))
	(core instance $i (instantiate $m (with "host" (instance (export "subscribe" (func $subscribe)) (export "block" (func $block))))))
	${RUN})`;

/** Writes the line `ok` to standard output `count` times, and answers. */
export function writesLines(count: number): string {
	return `(component
		(import "wasi:io/error@0.2.12" (instance $errors (export "error" (type (sub resource)))))
		(alias export $errors "error" (type $error))
		(import "wasi:io/streams@0.2.12" (instance $streams
			(alias outer 1 $error (type $outer-error))
			(export "error" (type $e (eq $outer-error)))
			(export "output-stream" (type $s (sub resource)))
			(type $failure (variant (case "last-operation-failed" (own $e)) (case "closed")))
			(export "stream-error" (type $stream-error (eq $failure)))
			(type $written (result (error $stream-error)))
			(export "[method]output-stream.write" (func (param "self" (borrow $s)) (param "contents" (list u8)) (result $written)))))
		(alias export $streams "output-stream" (type $stream))
		(import "wasi:cli/stdout@0.2.12" (instance $stdout
			(alias outer 1 $stream (type $outer))
			(export "output-stream" (type $s (eq $outer)))
			(export "get-stdout" (func (result (own $s))))))
		(core module $memory (memory (export "memory") 1))
		(core instance $memory (instantiate $memory))
		(core func $get (canon lower (func $stdout "get-stdout")))
		(core func $write (canon lower (func $streams "[method]output-stream.write") (memory $memory "memory")))
		(core module $m
			(import "host" "memory" (memory 1))
			(import "host" "get" (func $get (result i32)))
			(import "host" "write" (func $write (param i32 i32 i32 i32)))
			(export "memory" (memory 0))
			(data (i32.const 32) "ok\\n")
			${ANSWER}
			(func (export "run") (param i32 i32) (result i32) (local $stream i32) (local $left i32)
				(local.set $stream (call $get))
				(local.set $left (i32.const ${count}))
				(loop $again
					(call $write (local.get $stream) (i32.const 32) (i32.const 3) (i32.const 64))
					(br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
				(call $answer)))
		(core instance $i (instantiate $m (with "host" (instance
			(export "memory" (memory $memory "memory")) (export "get" (func $get)) (export "write" (func $write))))))
		${RUN})`;
}

/** Imports an interface that no host of these tests has. */
export const WANTS_HTTP = `(component
	(import "wasi:http/outgoing-handler@0.2.12" (instance $http (export "handle" (func (param "url" string)))))
	(core module $m (memory (export "memory") 1) ${ANSWER} (func (export "run") (param i32 i32) (result i32) (call $answer)))
	(core instance $i (instantiate $m))
	${RUN})`;

/** Instantiates one module as often as `count` says. `module` declares what each instance allocates. */
export function repeatedModule(count: number, module: string): string {
	const instances = Array.from({ length: count }, (_, index) => `(core instance $r${index} (instantiate $r))`).join("\n");
	return `(component
		(core module $r ${module})
		(core module $m (memory (export "memory") 1 1) ${ANSWER} (func (export "run") (param i32 i32) (result i32) (call $answer)))
		(core instance $i (instantiate $m))
		${instances}
		${RUN})`;
}

/** Two core modules joined by an export of the given name, which a transpiler copies into JavaScript. */
export function joinedBy(name: string): string {
	const text = [...new TextEncoder().encode(name)].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
	return `(component
		(core module $a (func (export "${text}") (result i32) i32.const 1))
		(core module $m
			(import "a" "${text}" (func $joined (result i32)))
			(memory (export "memory") 1)
			${ANSWER}
			(func (export "run") (param i32 i32) (result i32) (call $answer)))
		(core instance $a (instantiate $a))
		(core instance $i (instantiate $m (with "a" (instance $a))))
		${RUN})`;
}
