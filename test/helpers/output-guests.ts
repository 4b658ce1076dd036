import { ANSWER, RUN_ERROR, RUN_EXPORT } from "./guest-components.ts";

/**
 * Returns a component that emits output, and then answers `ok`. An error of a call traps.
 *
 * @param body Core code that may call `$text` with pointer and length, and `$event` with those of name and data. `$i` is a variable.
 */
export function emittingComponent(
	body: string,
	{ pages = 1, data = "" }: { readonly pages?: number; readonly data?: string } = {},
): string {
	return `(component
		${RUN_ERROR}
		(alias export $types "error" (type $error))
		(import "spear:ai/output@0.1.0" (instance $output
			(alias outer 1 $error (type $outer))
			(export "error" (type $e (eq $outer)))
			(export "emit-text" (func (param "text" string) (result (result (error $e)))))
			(export "emit-event" (func (param "name" string) (param "data" string) (result (result (error $e)))))))
		(core module $memory (memory (export "memory") ${pages})
			(func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 4096))
		(core instance $memory (instantiate $memory))
		(core func $text (canon lower (func $output "emit-text") (memory $memory "memory") (realloc (func $memory "realloc"))))
		(core func $event (canon lower (func $output "emit-event") (memory $memory "memory") (realloc (func $memory "realloc"))))
		(core module $m
			(import "host" "memory" (memory 1))
			(import "host" "text" (func $emit-text (param i32 i32 i32)))
			(import "host" "event" (func $emit-event (param i32 i32 i32 i32 i32)))
			(export "memory" (memory 0))
			${data}
			${ANSWER}
			(func $check (if (i32.load8_u (i32.const 2048)) (then unreachable)))
			(func $text (param i32 i32) (call $emit-text (local.get 0) (local.get 1) (i32.const 2048)) (call $check))
			(func $event (param i32 i32 i32 i32)
				(call $emit-event (local.get 0) (local.get 1) (local.get 2) (local.get 3) (i32.const 2048)) (call $check))
			(func (export "run") (param i32 i32) (result i32) (local $i i32) ${body} (call $answer)))
		(core instance $i (instantiate $m (with "host" (instance
			(export "memory" (memory $memory "memory")) (export "text" (func $text)) (export "event" (func $event))))))
		${RUN_EXPORT})`;
}

/** Returns a component that emits `count` texts of `bytes` bytes, which begin with the letters from `a` to `z` in turn. */
export function emitsTexts(count: number, bytes: number): string {
	const pages = 1 + Math.ceil((8_192 + bytes) / 65_536);
	return emittingComponent(
		`(memory.fill (i32.const 8192) (i32.const 46) (i32.const ${bytes}))
		(loop $again
			(i32.store8 (i32.const 8192) (i32.add (i32.const 97) (i32.rem_u (local.get $i) (i32.const 26))))
			(call $text (i32.const 8192) (i32.const ${bytes}))
			(br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${count}))))`,
		{ pages },
	);
}

/** Returns a component that emits one event. */
export function emitsEvent(name: string, json: string): string {
	const [nameBytes, dataBytes] = [Buffer.byteLength(name), Buffer.byteLength(json)];
	return emittingComponent(`(call $event (i32.const 8192) (i32.const ${nameBytes}) (i32.const 16384) (i32.const ${dataBytes}))`, {
		data: `(data (i32.const 8192) "${escaped(name)}") (data (i32.const 16384) "${escaped(json)}")`,
		pages: 2,
	});
}

/** Returns a core module that writes a text of one to fifteen bytes to its standard output `count` times. */
export function printsTexts(text: string, count: number): string {
	return `(module
		(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
		(memory (export "memory") 1)
		(data (i32.const 16) "${escaped(text)}") (data (i32.const 0) "\\10\\00\\00\\00\\0${Buffer.byteLength(text).toString(16)}\\00\\00\\00")
		(func (export "_start") (local $i i32)
			(loop $again
				(if (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
				(br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${count}))))))`;
}

/** Returns the bytes of a text for a data segment. */
function escaped(text: string): string {
	return [...Buffer.from(text)].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
}
