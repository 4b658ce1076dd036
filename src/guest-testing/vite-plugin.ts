import { fileURLToPath } from "node:url";
import { interfaceSource, isInterface, libraryFile } from "./guest-modules.ts";

/** A plugin of Vite and Rollup, in the members that are used here. */
export interface GuestModulesPlugin {
	readonly name: string;
	readonly enforce: "pre";
	resolveId(specifier: string): string | undefined;
	load(id: string): string | undefined;
}

/** Mark of Rollup for modules that are no files. */
const VIRTUAL = "\0";

/**
 * Returns the plugin by which Vitest loads guests.
 *
 * ```ts
 * // vitest.config.ts
 * import { guestModules } from "spear-hostcall/guest/testing";
 *
 * export default { plugins: [guestModules()] };
 * ```
 */
export function guestModules(): GuestModulesPlugin {
	return {
		name: "spear-guest-modules",
		enforce: "pre",
		resolveId(specifier) {
			if (isInterface(specifier)) return `${VIRTUAL}${specifier}`;
			const file = libraryFile(specifier);
			return file === undefined ? undefined : fileURLToPath(file);
		},
		load: (id) => (id.startsWith(VIRTUAL) && isInterface(id.slice(1)) ? interfaceSource(id.slice(1)) : undefined),
	};
}
