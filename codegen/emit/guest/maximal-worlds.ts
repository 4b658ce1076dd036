/** The worlds of a package that stand for all: none of the others holds anything that these do not. */
import type { Func, World, WorldItem } from "../../model/model.ts";
import { functionParts } from "../kit/wit-text.ts";

/**
 * Returns the worlds that are part of no other one, and the first of equal worlds. The ones of most items come first.
 *
 * A tool that reads a whole package and then takes one world of it finds nothing in a part of a world that it does not find in the world.
 */
export function maximalWorlds(worlds: readonly World[]): World[] {
	const width = (world: World): number => world.imports.length + world.exports.length;
	const maximal: World[] = [];
	for (const world of [...worlds].sort((a, b) => width(b) - width(a))) {
		if (!maximal.some((wider) => isPartOf(world, wider))) maximal.push(world);
	}
	return maximal;
}

/** A world with types of its own is part of no other: its functions may name them. */
function isPartOf(world: World, wider: World): boolean {
	return (
		world.types.length === 0 &&
		world.uses.every(({ name, target }) => wider.uses.some((use) => use.name === name && use.target === target)) &&
		world.imports.every((item) => wider.imports.some((other) => isSameItem(item, other))) &&
		world.exports.every((item) => wider.exports.some((other) => isSameItem(item, other)))
	);
}

function isSameItem(item: WorldItem, other: WorldItem): boolean {
	if (item.kind === "interface" && other.kind === "interface") return item.interface === other.interface && item.name === other.name;
	return item.kind === "function" && other.kind === "function" && isSameFunction(item.func, other.func);
}

/** The same text, in which the same names mean the same types. */
function isSameFunction(func: Func, other: Func): boolean {
	const parts = functionParts(func);
	const others = functionParts(other);
	return (
		parts.length === others.length &&
		parts.every(({ text, names }, index) => text === others[index]?.text && names === others[index]?.names)
	);
}
