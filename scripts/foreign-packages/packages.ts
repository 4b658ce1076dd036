/** Packages of WIT by different owners, each in the crate or npm package that carries it. Nothing of them is part of this repository. */

/** A published crate, pinned by version and by the hash of its archive. */
export interface Crate {
	readonly crate: string;
	readonly version: string;
	readonly sha256: string;
}

export interface ForeignPackage {
	/** Owner: the namespace of the package. */
	readonly owner: string;
	/** Source of the files. `npm` is the folder of an installed package, whose version and hash are those of `package-lock.json`. */
	readonly source: Crate | { readonly npm: string };
	/** Folder of the package in its source, or a file that is one. */
	readonly main: string;
	/** Folders whose members are packages that the package needs. The default is the folder `deps` in `main`. */
	readonly deps?: readonly string[];
}

const JCO = { npm: "@bytecodealliance/jco" };

const SPIN: Crate = {
	crate: "spin-sdk",
	version: "7.0.0",
	sha256: "2b7a3d9a6805ccdb4d404e91ccf7198ac5e486b6199dc9387aeebaa368272112",
};

export const FOREIGN_PACKAGES: readonly ForeignPackage[] = [
	{
		owner: "wasi",
		source: JCO,
		main: "lib/wit/builtin/0.2.12/wasi-http",
		deps: ["lib/wit/builtin/0.2.12"],
	},
	{
		owner: "wasi",
		source: JCO,
		main: "lib/wit/builtin/0.3.0/wasi-http",
		deps: ["lib/wit/builtin/0.3.0"],
	},
	{
		owner: "jco",
		source: JCO,
		main: "lib/wit/builtin/jco-node-0.1.0",
		deps: ["lib/wit/builtin", "lib/wit/builtin/0.2.12"],
	},
	{
		owner: "zed",
		source: {
			crate: "zed_extension_api",
			version: "0.7.0",
			sha256: "0729d50b4ca0a7e28e590bbe32e3ca0194d97ef654961451a424c661a366fca0",
		},
		main: "wit/since_v0.6.0",
	},
	{
		owner: "grafbase",
		source: {
			crate: "grafbase-sdk",
			version: "0.23.1",
			sha256: "f595cecf60ec7f9f7f124a2e4ec94932fc9118a721b4d2cdde7ff9633550f812",
		},
		main: "wit/since_0_23_0",
	},
	{
		owner: "golem",
		source: {
			crate: "golem-rust",
			version: "3.0.2",
			sha256: "5ef6d9f562bc87beafd6576b52f332efb2c25534c874e82e1186d582dce27f6f",
		},
		main: "wit/deps/golem-rdbms",
		deps: ["wit/deps"],
	},
	{
		owner: "spin",
		source: SPIN,
		main: "wit",
	},
	{
		owner: "fermyon",
		source: SPIN,
		main: "wit/deps/fermyon-spin@2.0.0",
		deps: ["wit/deps"],
	},
	{
		owner: "wasmcloud",
		source: {
			crate: "wadm-types",
			version: "0.8.3",
			sha256: "205203215d5af9328178e080e1deb40f54e355a2f4ab45f0b87ef0773b4eb64c",
		},
		main: "wit",
	},
	{
		owner: "fastly",
		source: {
			crate: "viceroy-lib",
			version: "0.22.0",
			sha256: "26bb54bfe28f97ec2c475a1ef1368c45bb832908ca23c1901f27c09b275cde20",
		},
		main: "wasm_abi/wit/deps/fastly",
		deps: ["wasm_abi/wit/deps"],
	},
	{
		owner: "edgee",
		source: {
			crate: "edgee-components-runtime",
			version: "1.3.0",
			sha256: "556345174755a6e6e17aa3a2c5be827945b0b5401ac3ca1c7372838ca9d1191e",
		},
		main: "src/data_collection/wit",
	},
	{
		owner: "wasvy",
		source: {
			crate: "wasvy",
			version: "0.0.9",
			sha256: "f373a2c6ddbdb4e4452dc6703040a2cc4229d7263a3868d60c06de5d18169966",
		},
		// The folder has another package, too.
		main: "wit/wasvy-ecs.wit",
	},
	{
		owner: "wrpc",
		source: {
			crate: "wrpc-runtime-wasmtime",
			version: "0.31.0",
			sha256: "c15a9c1417eddaadfcd1c6f297fc1d39f00101d7415f0052ed41476c55294048",
		},
		main: "wit/deps/rpc",
		deps: ["wit/deps"],
	},
	{
		owner: "obelisk",
		source: {
			crate: "obeli-sk-wasm-workers",
			version: "0.38.3",
			sha256: "5e80e3477c3f446809153fa6ce83c0d34ca7a47e5892afbdd0e3d8e134898f50",
		},
		main: "host-wit-workflow/deps/obelisk_workflow@latest",
		deps: ["host-wit-workflow/deps"],
	},
	{
		owner: "hyperware",
		source: {
			crate: "hyperware_process_lib",
			version: "3.0.0",
			sha256: "c380fcf57586e4373553e909c93191d7ca8c10e1af7f7af58c83b7b9efbd4703",
		},
		main: "hyperware-wit",
	},
];
