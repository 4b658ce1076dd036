import type { Log } from "../../generated/hostcall/log.ts";
import type * as log from "../../generated/ir/log.ts";
import { RateBudget } from "./rate-budget.ts";
import type { GuestScope } from "./scope.ts";

export function createLog(scope: GuestScope): Log {
	const { maxLogLinesPerS, maxLogBytesPerS } = scope.limits;
	const budget = new RateBudget({
		maxItems: maxLogLinesPerS,
		maxBytes: maxLogBytesPerS,
		clock: scope.clock,
		signal: scope.signal,
		onDropped: (lines, bytes) =>
			scope.writeLog("warn", "log lines of the guest were dropped: more than max_log_lines_per_s or max_log_bytes_per_s", [
				{ key: "dropped_lines", value: String(lines) },
				{ key: "dropped_bytes", value: String(bytes) },
			]),
	});
	return {
		log(level, message, fields) {
			const limit = scope.limits.maxLogBytes;
			const line = cutUtf8(message, limit);
			let used = Buffer.byteLength(line);
			let room = line === message ? limit - used : 0;
			const kept: log.LogField[] = [];
			for (const field of fields) {
				const size = Buffer.byteLength(field.key) + Buffer.byteLength(field.value);
				room -= size;
				if (room < 0) break;
				used += size;
				kept.push(field);
			}
			if (!budget.admit(used)) return;
			const cut = fields.length - kept.length;
			scope.writeLog(level, line, cut === 0 ? kept : [...kept, { key: "fields_cut", value: String(cut) }]);
		},
	};
}

const CUT_MARK = "… (cut)";

/** Returns the beginning of a text: at most `bytes` bytes of UTF-8, whole characters only, with a mark if something is missing. */
function cutUtf8(text: string, bytes: number): string {
	// A UTF-16 unit takes at least one byte, so nothing after `bytes` units can fit. Text of any length costs no more than the limit.
	const encoded = Buffer.from(text.length > bytes ? text.slice(0, bytes) : text);
	if (text.length <= bytes && encoded.length <= bytes) return text;
	const room = Math.max(0, bytes - Buffer.byteLength(CUT_MARK));
	// A stream waits for the rest of its last character, so a character that was cut is left out.
	return new TextDecoder("utf-8", { ignoreBOM: true }).decode(encoded.subarray(0, room), { stream: true }) + CUT_MARK;
}
