/** Emits `guest/`: all that a guest is built against. WIT for any component language, typings for TypeScript. */
import type { Emitter } from "../emitter.ts";
import { encodedPackage } from "./encoded-package.ts";
import { typings } from "./typings.ts";
import { witCopies } from "./wit-copies.ts";

export const guestEmitter: Emitter = {
	name: "guest",
	async emit({ abi, witFiles, witDir }) {
		const { id } = abi.model.main;
		const base = `guest/${id.namespace}-${id.name}`;
		return [
			...witCopies(witFiles),
			{ path: `${base}.d.ts`, content: typings(abi) },
			...(await encodedPackage(abi.model, witDir)).map((content) => ({ path: `${base}.wasm`, content })),
		];
	},
};
