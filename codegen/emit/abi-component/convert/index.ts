/** Emits `abi/component/convert/`: conversions between the shape components pass values in and the Canonical IR's. */
import type { Abi } from "../../../model/abi.ts";
import { converterName } from "../../../model/names/converter-names.ts";
import { moduleName } from "../../../model/names/type-names.ts";
import type { EmittedFile, Emitter } from "../../emitter.ts";
import { argumentToIr, type ConvertScope, type RuntimeHelper, resultFromIr } from "../../kit/conversion/expressions.ts";
import { convertModule } from "./interface-module.ts";
import { type Crossing, crossings, reachable } from "./reach.ts";
import { runtimeModule } from "./runtime-module.ts";

export const convertEmitter: Emitter = {
	name: "convert",
	async emit({ abi }) {
		const found = crossings(abi);
		const reached = reachable(found);
		const used = helpersOfCrossings(found);
		const files: EmittedFile[] = [];
		for (const { interface: iface } of abi.interfaces) {
			const content = convertModule(iface, abi.model, reached, used);
			if (content !== undefined) files.push({ path: `abi/component/convert/${moduleName(iface.name)}.ts`, content });
		}
		if (used.size > 0) files.push({ path: "abi/component/convert/runtime.ts", content: runtimeModule(used, sourcesOf(abi)) });
		return files;
	},
};

/** Helpers that the bindings call on arguments and results themselves, e.g. on a list of messages. */
function helpersOfCrossings(found: readonly Crossing[]): Set<RuntimeHelper> {
	const used = new Set<RuntimeHelper>();
	const scope: ConvertScope = {
		converter: converterName,
		runtime(name) {
			used.add(name);
			return name;
		},
	};
	for (const { type, direction } of found) (direction === "to-ir" ? argumentToIr : resultFromIr)(type, "value", "path", scope);
	return used;
}

function sourcesOf(abi: Abi): string[] {
	return abi.interfaces.map((each) => `wit/${each.interface.span.file}`);
}
