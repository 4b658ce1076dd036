import { malformed } from "../../binary/byte-reader.ts";
import type { ComponentReader } from "./component-reader.ts";
import type { CanonOptions, Definition } from "./definition.ts";

/** Functions of the component model that this host does not support, by their code. */
const UNSUPPORTED: ReadonlyMap<number, string> = new Map([
	[0x05, "task.cancel"],
	[0x06, "subtask.cancel"],
	[0x07, "resource.drop async"],
	[0x08, "backpressure.set"],
	[0x09, "task.return"],
	[0x0a, "context.get"],
	[0x0b, "context.set"],
	[0x0c, "thread.yield"],
	[0x0d, "subtask.drop"],
	[0x0e, "stream.new"],
	[0x0f, "stream.read"],
	[0x10, "stream.write"],
	[0x11, "stream.cancel-read"],
	[0x12, "stream.cancel-write"],
	[0x13, "stream.drop-readable"],
	[0x14, "stream.drop-writable"],
	[0x15, "future.new"],
	[0x16, "future.read"],
	[0x17, "future.write"],
	[0x18, "future.cancel-read"],
	[0x19, "future.cancel-write"],
	[0x1a, "future.drop-readable"],
	[0x1b, "future.drop-writable"],
	[0x1c, "error-context.new"],
	[0x1d, "error-context.debug-message"],
	[0x1e, "error-context.drop"],
	[0x1f, "waitable-set.new"],
	[0x20, "waitable-set.wait"],
	[0x21, "waitable-set.poll"],
	[0x22, "waitable-set.drop"],
	[0x23, "waitable.join"],
	[0x24, "backpressure.inc"],
	[0x25, "backpressure.dec"],
	[0x26, "thread.index"],
	[0x27, "thread.new-indirect"],
	[0x28, "thread.resume-later"],
	[0x29, "thread.suspend"],
	[0x2a, "thread.suspend-then-resume"],
	[0x2b, "thread.yield-then-resume"],
	[0x2c, "thread.suspend-then-promote"],
	[0x2d, "thread.yield-then-promote"],
	[0x40, "thread.spawn-ref"],
	[0x41, "thread.spawn-indirect"],
	[0x42, "thread.available-parallelism"],
]);

/** Last code of the functions that only the asynchronous ABI has. */
const LAST_ASYNC = 0x25;

const ASYNC_REMEDY = "; build it without the asynchronous ABI (with componentize-qjs: `--sync`)";

/** Canonical options that this host does not support, by their code. */
const UNSUPPORTED_OPTIONS: ReadonlyMap<number, string> = new Map([
	[0x01, "strings in UTF-16"],
	[0x02, "strings in Latin-1 or UTF-16"],
	[0x06, "async"],
	[0x07, "callback"],
	[0x08, "core-type"],
	[0x09, "gc"],
]);

/** Reads a canonical definition: a lift, a lower, or a function on resources. */
export function readCanon(reader: ComponentReader): Definition {
	const at = reader.position;
	const code = reader.u8();
	if (code === 0x00) {
		reader.expect(0, "the sort of a lifted function");
		return { kind: "lift", at, core: reader.u32(), options: readOptions(reader), type: reader.u32() };
	}
	if (code === 0x01) {
		reader.expect(0, "the sort of a lowered function");
		return { kind: "lower", at, function: reader.u32(), options: readOptions(reader) };
	}
	if (code === 0x02) return { kind: "resource.new", at, resource: reader.u32() };
	if (code === 0x03) return { kind: "resource.drop", at, resource: reader.u32() };
	if (code === 0x04) return { kind: "resource.rep", at, resource: reader.u32() };
	const name = UNSUPPORTED.get(code);
	if (name !== undefined)
		throw malformed(`it uses ${name} at byte ${at}, which this host does not support${code <= LAST_ASYNC ? ASYNC_REMEDY : ""}`);
	throw malformed(`a canonical function of unknown code 0x${code.toString(16)} at byte ${at}`);
}

function readOptions(reader: ComponentReader): CanonOptions {
	const seen = new Set<number>();
	const options: { memory?: number; realloc?: number; postReturn?: number } = {};
	reader.list((at) => {
		const code = reader.u8();
		const name = UNSUPPORTED_OPTIONS.get(code);
		if (name !== undefined) {
			const remedy = code === 0x06 || code === 0x07 ? ASYNC_REMEDY : "";
			throw malformed(`it uses the canonical option ${name} at byte ${at}, which this host does not support${remedy}`);
		}
		if (seen.has(code)) throw malformed(`a canonical option stands twice at byte ${at}`);
		seen.add(code);
		if (code === 0x03) options.memory = reader.u32();
		else if (code === 0x04) options.realloc = reader.u32();
		else if (code === 0x05) options.postReturn = reader.u32();
		else if (code !== 0x00) throw malformed(`a canonical option of unknown code ${code} at byte ${at}`);
	});
	return options;
}
