import type { Log } from "../../generated/hostcall/log.ts";
import type * as log from "../../generated/ir/log.ts";
import type { GuestScope } from "./scope.ts";

export function createLog(scope: GuestScope): Log {
	return {
		log(level, message, fields) {
			const limit = scope.limits.maxLogBytes;
			const line = cutUtf8(message, limit);
			let room = line === message ? limit - Buffer.byteLength(line) : 0;
			const kept: log.LogField[] = [];
			for (const field of fields) {
				room -= Buffer.byteLength(field.key) + Buffer.byteLength(field.value);
				if (room < 0) break;
				kept.push(field);
			}
			const cut = fields.length - kept.length;
			scope.writeLog(level, line, cut === 0 ? kept : [...kept, { key: "fields_cut", value: String(cut) }]);
		},
	};
}

const CUT_MARK = "… (cut)";

/** Returns the beginning of a text: at most `bytes` bytes of UTF-8, whole characters only, with a mark if something is missing. */
function cutUtf8(text: string, bytes: number): string {
	const encoded = Buffer.from(text);
	if (encoded.length <= bytes) return text;
	const room = bytes - Buffer.byteLength(CUT_MARK);
	// A cut inside a character decodes to replacement characters at the end. Well-formed input has none.
	return (
		encoded
			.subarray(0, room)
			.toString("utf8")
			.replace(/\uFFFD+$/u, "") + CUT_MARK
	);
}
