/** Emits `hostcall/`: the interfaces a host implements. No ABI is part of them; every ABI's bindings call them. */

import { hostInterfaces, requireErrorRecord } from "../../model/host-interface.ts";
import { requireType } from "../../model/required-types.ts";
import type { Emitter } from "../emitter.ts";
import { familiesFile } from "./families-file.ts";
import { interfaceFile } from "./interface-file.ts";
import { runtimeFile } from "./runtime-file.ts";

export const hostcallEmitter: Emitter = {
	name: "hostcall",
	async emit({ abi }) {
		const interfaces = hostInterfaces(abi);
		requireType(abi, "error-code", "the code that answers a failed hostcall");
		const runtime = { path: "hostcall/runtime.ts", content: runtimeFile(interfaces, requireErrorRecord(abi)) };
		if (interfaces.length === 0) return [runtime];
		return [
			runtime,
			...interfaces.map((iface) => ({ path: `hostcall/${iface.module}.ts`, content: interfaceFile(iface, abi.model) })),
			{ path: "hostcall/families.ts", content: familiesFile(interfaces) },
		];
	},
};
