/** Operations and features, which guests name in requests and hosts name in their configuration. */
import type { FeatureNames } from "./compare-limits.ts";
import type { Findings } from "./finding.ts";
import { match } from "./match.ts";
import type { Pairing } from "./pairing.ts";
import type { Operation, Part, Surface } from "./surface.ts";

export function compareOperations(findings: Findings, pairing: Pairing): void {
	const { before, after } = pairing;
	const roleAfter = (role: string, key: string): string | undefined =>
		role === "interface" ? pairing.scopeAfter(key) : pairing.typeAfter(key);
	const { kept, renamed, removed, added } = match(
		before.operations.values(),
		after.operations.values(),
		({ roles }) => pairing.scopeAfter(roles.get("interface") ?? ""),
		({ roles }) => roles.get("interface"),
	);
	for (const { name, span } of removed) findings.add("operation-removed", { item: `operation ${name}`, shown: name, spanBefore: span });
	for (const { name, span } of added) findings.add("operation-added", { item: `operation ${name}`, shown: name, span });
	for (const [was, is] of renamed) {
		const places = { span: is.span, spanBefore: was.span };
		findings.add("operation-renamed", { item: `operation ${was.name}`, before: was.name, after: is.name, ...places });
	}
	for (const [was, is] of [...kept, ...renamed]) compareOperation(findings, was, is, roleAfter);
}

function compareOperation(
	findings: Findings,
	old: Operation,
	now: Operation,
	roleAfter: (role: string, key: string) => string | undefined,
): void {
	const subject = { item: `operation ${old.name}`, shown: old.name, span: now.span, spanBefore: old.span };
	for (const role of new Set([...old.roles.keys(), ...now.roles.keys()])) {
		const was = old.roles.get(role);
		const is = now.roles.get(role);
		// An event that comes or goes is told as a transport.
		if (was === undefined || is === undefined || roleAfter(role, was) === is) continue;
		findings.add("operation-type-changed", { ...subject, part: role, before: `\`${was}\``, after: `\`${is}\`` });
	}
	for (const part of old.transports) if (!now.transports.includes(part)) findings.add("transport-removed", { ...subject, part });
	for (const part of now.transports) if (!old.transports.includes(part)) findings.add("transport-added", { ...subject, part });
}

interface Feature {
	readonly name: string;
	/** Keys of the fields and cases that demand it, sorted. */
	readonly members: string;
	readonly span: Part["span"];
}

/** Reports features that are gone or renamed. Returns the name of today for each one that is still there. */
export function compareFeatures(findings: Findings, before: Surface, after: Surface): FeatureNames {
	const { kept, renamed, removed } = match(
		featuresOf(before),
		featuresOf(after),
		({ members }) => members,
		({ members }) => members,
	);
	for (const { name, span } of removed) findings.add("feature-removed", { item: `feature ${name}`, shown: name, spanBefore: span });
	for (const [was, is] of renamed) {
		const places = { span: is.span, spanBefore: was.span };
		findings.add("feature-renamed", { item: `feature ${was.name}`, before: was.name, after: is.name, ...places });
	}
	return new Map([...kept, ...renamed].map(([was, is]) => [was.name, is.name]));
}

function featuresOf({ scopes }: Surface): Feature[] {
	const members = new Map<string, { readonly keys: string[]; readonly span: Part["span"] }>();
	for (const scope of scopes.values()) {
		for (const { key, parts } of scope.types.values()) {
			for (const part of parts) {
				for (const name of part.features) {
					const known = members.get(name) ?? { keys: [], span: part.span };
					members.set(name, known);
					known.keys.push(`${key}.${part.name}`);
				}
			}
		}
	}
	return [...members].map(([name, { keys, span }]) => ({ name, members: keys.sort().join(), span }));
}
