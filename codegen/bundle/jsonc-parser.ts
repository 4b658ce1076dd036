import type { Plugin } from "esbuild";

/** The main file of jsonc-parser asks for its parts in a way that no bundler follows. */
export const jsoncParser: Plugin = {
	name: "jsonc-parser",
	setup({ onLoad, onResolve }) {
		onResolve({ filter: /^jsonc-parser$/ }, () => ({ path: "jsonc-parser", namespace: "jsonc" }));
		onLoad({ filter: /.*/, namespace: "jsonc" }, () => ({
			contents: 'import * as jsonc from "jsonc-parser/lib/esm/main.js";\nexport default jsonc;\n',
			resolveDir: import.meta.dirname,
		}));
	},
};
