/** Preloaded by `cli.test.ts`: every directory is listed in reverse, as another file system might. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

type Anything = (...args: never[]) => unknown;

function reversed(list: unknown): unknown {
	return Array.isArray(list) ? list.sort().reverse() : list;
}

function replace(owner: object, name: string, make: (original: Anything) => Anything): void {
	const original: unknown = Reflect.get(owner, name);
	if (typeof original === "function") Reflect.set(owner, name, make(original.bind(owner)));
}

replace(
	fs,
	"readdirSync",
	(original) =>
		(...args) =>
			reversed(original(...args)),
);
replace(
	fs.promises,
	"readdir",
	(original) =>
		async (...args) =>
			reversed(await original(...args)),
);
syncBuiltinESMExports();
