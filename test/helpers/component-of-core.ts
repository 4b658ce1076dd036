import { assemble } from "./guest.ts";

/** Makes a component of a core module in text form. The module imports and exports what a world of the WIT package says, by wit-component's names. */
export async function componentOfCore(core: string, wit: string, world: string): Promise<Uint8Array> {
	const { componentEmbed, componentNew } = await import("@bytecodealliance/jco");
	const binary = await assemble(core);
	return componentNew(await componentEmbed({ binary, witSource: wit, world, stringEncoding: "utf8" }), []);
}
