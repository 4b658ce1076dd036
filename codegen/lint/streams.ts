/** A resource tagged `@stream` or `@session` is read in one way only, so that one queue serves all of them. */
import { hasTag, isBlocking, tagValue } from "../model/abi.ts";
import type { Func, Interface, ResourceDef, TypeDef, TypeRef, VariantDef } from "../model/model.ts";
import { readinessName } from "./readiness.ts";
import { isAbiError, isReadinessHandle } from "./results.ts";
import type { Report, Rule } from "./rule.ts";

export const streamsAreUniform: Rule = (model, report) => {
	for (const iface of model.main.interfaces) {
		const events = new Set<TypeDef>();
		for (const def of iface.types) {
			const name = tagValue(def, "stream") ?? tagValue(def, "session");
			if (def.kind !== "resource" || name === undefined) continue;
			const event = iface.types.find((candidate) => candidate.name === name);
			if (event?.kind !== "variant") continue;
			if (!events.has(event)) checkEvent(event, iface, report);
			events.add(event);
			checkReaders(def, event, { iface, readiness: readinessName(model) }, report);
			if (events.size > 1 && hasTag(iface, "operation")) {
				report(
					"several-events",
					def.span,
					`resource \`${iface.name}.${def.name}\` has other events than the interface's first stream`,
					"an operation has one kind of event; gather the cases in one variant",
				);
			}
		}
	}
};

/** The three functions each stream is read with: what they must look like, and whether they may wait. */
const READERS = [
	{
		name: "next",
		shape: "next: func() -> result<EVENT, error>",
		blocking: true,
		fits: (ok: TypeRef | undefined, event: VariantDef) => isOf(ok, event),
	},
	{
		name: "try-next",
		shape: "try-next: func() -> result<option<EVENT>, error>",
		blocking: false,
		fits: (ok: TypeRef | undefined, event: VariantDef) => ok?.kind === "option" && isOf(ok.some, event),
	},
	{ name: "subscribe", shape: "subscribe: func() -> READINESS", blocking: false, fits: undefined },
] as const;

interface Surroundings {
	readonly iface: Interface;
	/** Name of the resource that `subscribe` gives a handle of; undefined in a package without one. */
	readonly readiness: string | undefined;
}

function checkReaders(def: ResourceDef, event: VariantDef, { iface, readiness }: Surroundings, report: Report): void {
	for (const { name, shape, blocking, fits } of READERS) {
		const wanted = `\`${shape.replace("EVENT", event.name).replace("READINESS", readiness ?? "pollable")};\``;
		const func = def.functions.find((candidate) => candidate.name === name);
		if (func === undefined) {
			report(
				"stream-without-reader",
				def.span,
				`stream \`${iface.name}.${def.name}\` has no method \`${name}\``,
				`add ${wanted}${blocking ? ", tagged `@blocking`" : ""}`,
			);
			continue;
		}
		const right =
			fits === undefined
				? isReadinessHandle(func.result)
				: func.result?.kind === "result" && fits(func.result.ok, event) && isAbiError(func.result.err);
		if (!right || func.kind !== "method" || func.params.length > 0) {
			const untagged = fits === undefined && readiness === undefined ? "; tag the resource to wait with `@readiness`" : "";
			report(
				"wrong-stream-reader",
				func.span,
				`\`${iface.name}.${def.name}.${name}\` is not what every stream offers`,
				`write ${wanted}${untagged}`,
			);
		}
		checkBlocking(func, blocking, `${iface.name}.${def.name}.${name}`, report);
	}
}

function checkBlocking(func: Func, blocking: boolean, name: string, report: Report): void {
	if (isBlocking(func) === blocking) return;
	report(
		"wrong-stream-reader",
		func.span,
		blocking
			? `\`${name}\` waits for an event, but is not tagged \`@blocking\``
			: `\`${name}\` is tagged \`@blocking\`, but must never wait`,
		blocking ? "add the line `/// @blocking` to its doc comment" : "drop the tag",
	);
}

/** Every stream ends in exactly one terminal event. */
function checkEvent(event: VariantDef, iface: Interface, report: Report): void {
	for (const name of ["completed", "failed"]) {
		const terminal = event.cases.find((each) => each.name === name);
		if (terminal?.type === undefined) {
			report(
				"event-without-end",
				terminal?.span ?? event.span,
				`events \`${iface.name}.${event.name}\` have no case \`${name}\` that carries a value`,
				"a stream ends in exactly one of `completed(…)` and `failed(…)`",
			);
		} else if (
			name === "completed" &&
			hasTag(iface, "operation") &&
			!(terminal.type.kind === "named" && hasTag(terminal.type.def, "result"))
		) {
			report(
				"event-without-end",
				terminal.span,
				`\`completed\` of \`${iface.name}.${event.name}\` does not carry the record tagged \`@result\``,
				"a stream ends with what the call without a stream answers",
			);
		}
	}
}

function isOf(type: TypeRef | undefined, def: TypeDef): boolean {
	return type?.kind === "named" && type.def === def;
}
