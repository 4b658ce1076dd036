import type { Log } from "../../generated/hostcall/log.ts";
import type * as log from "../../generated/ir/log.ts";
import { cutUtf8, redactableBeginning } from "./log-line.ts";
import type { GuestScope } from "./scope.ts";

export function createLog(scope: Pick<GuestScope, "limits" | "logBudget" | "writeLog">): Log {
	return {
		log(level, text, fields) {
			const limit = scope.limits.maxLogBytes;
			const line = cutUtf8(text, limit);
			let used = Buffer.byteLength(line);
			let room = line === text ? limit - used : 0;
			const kept: log.LogField[] = [];
			for (const field of fields) {
				const size = Buffer.byteLength(field.key) + Buffer.byteLength(field.value);
				room -= size;
				if (room < 0) break;
				used += size;
				kept.push(field);
			}
			// Checked before the redaction: a dropped line costs as little as it can.
			if (!scope.logBudget.admit(used)) return;
			const cut = fields.length - kept.length;
			if (cut > 0) kept.push({ key: "fields_cut", value: String(cut) });
			scope.writeLog(level, redactableBeginning(text, limit), kept);
		},
	};
}
