import { ANSWER, RUN_ERROR, RUN_EXPORT } from "../../test/helpers/guest-components.ts";

/** The output of a run: one text a letter. */
export const ALPHABET = "abcdefghijklmnopqrstuvwxyz";

/** Answer of a run. */
export const ANSWERED = "ok";

/** Returns a component that emits the letters from `a` to `z`, with a pause after each, and answers `ok`. */
export function spellingComponent(pauseMs: number): string {
	return `(component
		${RUN_ERROR}
		(alias export $types "error" (type $error))
		(import "spear:ai/output@0.1.0" (instance $output
			(alias outer 1 $error (type $outer))
			(export "error" (type $e (eq $outer)))
			(export "emit-text" (func (param "text" string) (result (result (error $e)))))))
		(import "wasi:io/poll@0.2.12" (instance $poll
			(export "pollable" (type $p (sub resource)))
			(export "[method]pollable.block" (func (param "self" (borrow $p))))))
		(alias export $poll "pollable" (type $pollable))
		(import "wasi:clocks/monotonic-clock@0.2.12" (instance $clock
			(alias outer 1 $pollable (type $outer))
			(export "pollable" (type $p (eq $outer)))
			(export "subscribe-duration" (func (param "when" u64) (result (own $p))))))
		(core module $memory (memory (export "memory") 1)
			(func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 4096))
		(core instance $memory (instantiate $memory))
		(core func $text (canon lower (func $output "emit-text") (memory $memory "memory") (realloc (func $memory "realloc"))))
		(core func $subscribe (canon lower (func $clock "subscribe-duration")))
		(core func $block (canon lower (func $poll "[method]pollable.block")))
		(core func $drop (canon resource.drop $pollable))
		(core module $m
			(import "host" "memory" (memory 1))
			(import "host" "text" (func $emit (param i32 i32 i32)))
			(import "host" "subscribe" (func $subscribe (param i64) (result i32)))
			(import "host" "block" (func $block (param i32)))
			(import "host" "drop" (func $drop (param i32)))
			(export "memory" (memory 0))
			${ANSWER}
			(func (export "run") (param i32 i32) (result i32) (local $i i32) (local $pause i32)
				(loop $again
					(i32.store8 (i32.const 8192) (i32.add (i32.const 97) (local.get $i)))
					(call $emit (i32.const 8192) (i32.const 1) (i32.const 2048))
					(if (i32.load8_u (i32.const 2048)) (then unreachable))
					(call $block (local.tee $pause (call $subscribe (i64.const ${pauseMs * 1_000_000}))))
					(call $drop (local.get $pause))
					(br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${ALPHABET.length}))))
				(call $answer)))
		(core instance $i (instantiate $m (with "host" (instance
			(export "memory" (memory $memory "memory"))
			(export "text" (func $text))
			(export "subscribe" (func $subscribe))
			(export "block" (func $block))
			(export "drop" (func $drop))))))
		${RUN_EXPORT})`;
}
