import type { Esbuild, PluginBuild } from "./esbuild.ts";

const NAMESPACE = "spear-name";

/**
 * Returns which of `names` a module refers to without declaring them. esbuild finds them: it replaces such a name by an import, and leaves out
 * imports that nothing uses.
 */
export async function freeNames(esbuild: Esbuild, code: string, names: readonly string[]): Promise<string[]> {
	const { metafile } = await esbuild.build({
		stdin: { contents: code, loader: "js" },
		bundle: true,
		write: false,
		metafile: true,
		format: "esm",
		platform: "neutral",
		logLevel: "silent",
		inject: names.map((name) => `${NAMESPACE}:${name}`),
		plugins: [
			{
				name: NAMESPACE,
				setup(build: PluginBuild): void {
					build.onResolve({ filter: new RegExp(`^${NAMESPACE}:`) }, ({ path }) => ({
						path: path.slice(NAMESPACE.length + 1),
						namespace: NAMESPACE,
						sideEffects: false,
					}));
					build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({ contents: `export const ${path} = 0;`, loader: "js" }));
					build.onResolve({ filter: /./ }, ({ kind, path }) => (kind === "entry-point" ? undefined : { path, external: true }));
				},
			},
		],
	});
	const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
	return inputs.flatMap(([path, { bytesInOutput }]) =>
		path.startsWith(`${NAMESPACE}:`) && bytesInOutput > 0 ? [path.slice(NAMESPACE.length + 1)] : [],
	);
}
