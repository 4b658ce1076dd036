/** Emits what core modules need: the interfaces of the host, the bindings, a header for guests in C, and the reference. */
import type { Emitter } from "../emitter.ts";
import { abiFiles } from "./abi/index.ts";
import { docsFiles } from "./docs/index.ts";
import { headerFiles } from "./header/index.ts";
import { hostcallFiles } from "./hostcall/index.ts";

export const coreEmitter: Emitter = {
	name: "core",
	async emit({ core }) {
		return core === undefined ? [] : [...hostcallFiles(core), ...abiFiles(core), ...headerFiles(core), ...docsFiles(core)];
	},
};
