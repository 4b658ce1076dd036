import type { SchemaDialect } from "../dialect.ts";

/** All of draft 2020-12, for vendors that read schemas and do not enforce them. Vendors add the few rules that they have. */
export const WHOLE_LANGUAGE: SchemaDialect = {
	name: "this backend",
	keywords: new Set(),
	otherKeywords: "keep",
	root: { object: true, unions: "keep" },
	references: { form: "untouched", recursion: "any", siblings: "keep", root: true },
	unions: { keyword: "both", siblings: true },
	allOf: true,
	typeLists: "all",
	needsType: false,
	consts: true,
	objects: "open",
	required: "any",
};
