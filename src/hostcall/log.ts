import type { Log } from "../../generated/host/log.ts";
import type * as log from "../../generated/ir/log.ts";
import type { GuestScope } from "./scope.ts";

export function createLog(scope: GuestScope): Log {
	return {
		log(level, message, fields) {
			let budget = scope.limits.maxLogBytes;
			const take = (text: string): string => {
				const cut = cutUtf8(text, budget);
				budget -= Math.min(budget, Buffer.byteLength(cut));
				return cut;
			};
			const line = take(message);
			const kept: log.LogField[] = [];
			for (const field of fields) {
				if (budget === 0) break;
				kept.push({ key: take(field.key), value: take(field.value) });
			}
			if (kept.length < fields.length) kept.push({ key: "fields_cut", value: String(fields.length - kept.length) });
			scope.writeLog(level, line, kept);
		},
	};
}

const CUT_MARK = "… (cut)";

/** At most `bytes` bytes of UTF-8, whole characters only, with a mark where something is missing. */
function cutUtf8(text: string, bytes: number): string {
	const encoded = Buffer.from(text);
	if (encoded.length <= bytes) return text;
	const room = Math.max(0, bytes - Buffer.byteLength(CUT_MARK));
	// A cut inside a character decodes to replacement characters at the end, which are not in well-formed input.
	return encoded.subarray(0, room).toString("utf8").replace(/\uFFFD+$/u, "") + CUT_MARK;
}
