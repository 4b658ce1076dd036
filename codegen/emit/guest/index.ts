/** Emits `guest/`: all that a guest is built against. WIT for any component language, its worlds as data, typings for TypeScript. */
import type { Emitter } from "../emitter.ts";
import { encodedPackage } from "./encoded-package.ts";
import { typings } from "./typings.ts";
import { witCopies } from "./wit-copies.ts";
import { worldsFile } from "./worlds-file.ts";

export const guestEmitter: Emitter = {
	name: "guest",
	async emit({ abi, witFiles, memo }) {
		const { id } = abi.model.main;
		const base = `guest/${id.namespace}-${id.name}`;
		const copies = witCopies(witFiles);
		const [encoded, declarations] = await Promise.all([
			// First, because the rest is made while the encoder's process runs.
			encodedPackage(abi.model, copies, memo),
			Promise.try(() => typings(abi)),
		]);
		return [
			...copies.map(({ path, content }) => ({ path: `guest/wit/${path}`, content })),
			{ path: "guest/wit/worlds.json", content: worldsFile(abi.model) },
			{ path: `${base}.d.ts`, content: declarations },
			...encoded.map((content) => ({ path: `${base}.wasm`, content })),
		];
	},
};
