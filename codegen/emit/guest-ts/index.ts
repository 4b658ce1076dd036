/**
 * Emits typings for guests in TypeScript or JavaScript, for any WIT package: for each world ambient modules of all imports, and the type of what
 * the guest exports. One file for each JavaScript engine, because the engines give some values in different forms.
 */
import { chosenWorlds } from "../../model/units/chosen-worlds.ts";
import { WorldUnits } from "../../model/units/world-units.ts";
import type { GuestEngine } from "../kit/guest-types/type-text.ts";
import type { Target } from "../target.ts";
import { typingsFile } from "./typings-file.ts";

const ENGINES: readonly GuestEngine[] = ["quickjs", "starlingmonkey"];

export interface GuestOptions {
	/** Names of the worlds to generate for. The default is all. */
	readonly worlds?: readonly string[];
}

/** Returns the target with options. */
export function guestTarget({ worlds }: GuestOptions): Target {
	return (model, output) => {
		for (const world of chosenWorlds(model, worlds)) {
			const units = new WorldUnits(world);
			for (const engine of ENGINES) output.write(`guest/${world.name}/${engine}.d.ts`, typingsFile(units, engine));
		}
	};
}

export const guestTs: Target = guestTarget({});
