/** Constraints of a field: what a guest could send yesterday must be accepted today. Loosening a constraint breaks no guest. */
import { nameOf } from "./parts.ts";

export interface LimitBreak {
	readonly message: string;
	readonly part?: number;
}

/** @param before entries such as `maximum: 2` */
export function limitsBreak(field: string, before: readonly string[], after: readonly string[]): LimitBreak[] {
	const old = new Map(before.map((text) => [nameOf(text), limitOf(text)]));
	const breaks: LimitBreak[] = [];
	after.forEach((text, part) => {
		const name = nameOf(text);
		const was = old.get(name);
		const now = limitOf(text);
		if (was === now) return;
		if (name === "default") {
			if (was !== undefined)
				breaks.push({
					message: `\`@default\` of \`${field}\` was \`${was}\` and is now \`${now}\`: guests that leave it out get another behaviour`,
					part,
				});
			return;
		}
		if (was === undefined || tightens(name, was, now)) {
			const from = was === undefined ? "had no limit" : `was limited by ${name} \`${was}\``;
			breaks.push({
				message: `\`${field}\` ${from} and is now limited by ${name} \`${now}\`: guests that send what was allowed before get \`invalid-request\``,
				part,
			});
		}
	});
	const lostDefault = old.get("default");
	if (lostDefault !== undefined && !after.some((text) => nameOf(text) === "default")) {
		breaks.push({ message: `\`@default ${lostDefault}\` of \`${field}\` is gone: guests that leave it out no longer know what they get` });
	}
	return breaks;
}

function tightens(name: string, was: string, now: string): boolean {
	if (name === "minimum" || name === "minItems") return Number(now) > Number(was);
	if (name === "maximum" || name === "maxItems") return Number(now) < Number(was);
	return true;
}

function limitOf(text: string): string {
	return text.slice(nameOf(text).length + 2);
}
