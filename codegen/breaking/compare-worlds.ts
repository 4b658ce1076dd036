/** Imports and exports of worlds. */
import { compareFunctions } from "./compare-functions.ts";
import type { Comparison } from "./compare-types.ts";
import { match } from "./match.ts";
import { isInline } from "./pairing.ts";
import type { Structures } from "./structure.ts";
import type { Port, Scope } from "./surface.ts";

export function comparePorts({ pairing, findings }: Comparison, old: Scope, now: Scope): void {
	const { structuresBefore, structuresAfter } = pairing;
	const scopeAfter = (key: string): string | undefined => pairing.scopeAfter(key);
	const named = (port: Port, scopeOf: (key: string) => string | undefined): { name: string; port: Port } => {
		const isPlain = port.target.kind === "function" || port.target.scope !== port.name;
		return { name: isPlain ? port.key : `${port.direction} ${scopeOf(port.name) ?? port.name}`, port };
	};
	const { kept, renamed, removed, added } = match(
		[...old.ports.values()].map((port) => named(port, scopeAfter)),
		[...now.ports.values()].map((port) => named(port, (key) => key)),
		({ port }) => signature(port, structuresBefore, scopeAfter),
		({ port }) => signature(port, structuresAfter, (key) => key),
	);
	for (const { port } of removed) {
		if (port.target.kind === "interface" && port.target.scope === port.name) {
			// An interface of the package that is gone is reported once, and one that is still implied is still there.
			if (pairing.isGone(port.name)) continue;
			if (port.direction === "import" && now.implied.has(scopeAfter(port.name) ?? port.name)) continue;
		}
		findings.add(`world-${port.direction}-removed`, { item: old.key, part: port.key, span: now.span, spanBefore: port.span });
	}
	for (const { port } of added)
		findings.add(`world-${port.direction}-added`, { item: old.key, part: port.key, span: port.span ?? now.span });
	for (const [{ port: was }, { port: is }] of renamed)
		findings.add("world-item-renamed", { item: old.key, before: was.key, after: is.name, span: is.span, spanBefore: was.span });
	for (const [{ port: was }, { port: is }] of [...kept, ...renamed]) {
		if (was.target.kind === "function" && is.target.kind === "function")
			compareFunctions(findings, pairing, was.target.func, is.target.func);
		else if (was.target.kind !== is.target.kind || (was.target.kind === "interface" && !continues(was, is))) {
			const places = { span: is.span ?? now.span, spanBefore: was.span };
			findings.add("world-item-changed", { item: old.key, part: was.key, before: described(was), after: described(is), ...places });
		}
	}

	function continues(was: Port, is: Port): boolean {
		return was.target.kind === "interface" && is.target.kind === "interface" && scopeAfter(was.target.scope) === is.target.scope;
	}
}

/** An interface under its own name is renamed with the interface, not here. */
function signature(
	{ direction, name, target }: Port,
	structures: Structures,
	scopeOf: (key: string) => string | undefined,
): string | undefined {
	if (target.kind === "function") return `${direction} ${structures.ofFunction(target.func)}`;
	return target.scope === name ? undefined : `${direction} interface ${scopeOf(target.scope)}`;
}

function described({ target }: Port): string {
	if (target.kind === "function") return "a function";
	return isInline({ key: target.scope, kind: "interface" }) ? "an inline interface" : `interface \`${target.scope}\``;
}
