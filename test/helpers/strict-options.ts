/** Options of the compiler that generated code must pass: all that a strict project may have, and no library left out. */
import { join } from "node:path";
import { ROOT } from "./guest.ts";

export const STRICT_OPTIONS = {
	target: "esnext",
	lib: ["esnext"],
	module: "nodenext",
	types: ["node"],
	typeRoots: [join(ROOT, "node_modules/@types")],
	noEmit: true,
	strict: true,
	noUncheckedIndexedAccess: true,
	exactOptionalPropertyTypes: true,
	noImplicitOverride: true,
	noUnusedLocals: true,
	noUnusedParameters: true,
	erasableSyntaxOnly: true,
	verbatimModuleSyntax: true,
	isolatedModules: true,
	allowImportingTsExtensions: true,
	skipLibCheck: false,
};
