/** `generated/hostcall/runtime.ts`: what the interfaces and the bindings of every ABI share. */

import type { HostInterface } from "../../model/host-interface.ts";
import type { RecordDef } from "../../model/model.ts";
import { header, witSource } from "../kit/header.ts";
import { template } from "../kit/template.ts";

interface RuntimeData {
	readonly header: string;
	readonly hasReadiness: boolean;
}

const runtimeTemplate = template<RuntimeData>(new URL("./runtime.hbs", import.meta.url));

export function runtimeFile(interfaces: readonly HostInterface[], error: RecordDef): string {
	const ready = interfaces.flatMap(({ resources }) => resources).filter(({ isReadiness }) => isReadiness);
	const sources = [error, ...ready.map(({ def }) => def)];
	return runtimeTemplate({ header: header(sources.map(witSource)), hasReadiness: ready.length > 0 });
}
