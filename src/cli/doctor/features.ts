import process from "node:process";

/** Packages that serve a feature together. */
export interface Way {
	readonly packages: readonly string[];
	/** Package with native code for this machine, which npm installs with the others. Absent for packages without one. */
	readonly native?: string;
}

/** A feature that needs packages which this one does not install. */
export interface Feature {
	/** Name of the feature. */
	readonly name: string;
	/** The ways to serve the feature, best first. Any of them is enough. */
	readonly ways: readonly [Way, ...Way[]];
	/** True for a feature that most users have. Others are not missed. */
	readonly isCommon: boolean;
}

/** Native code of sherpa-onnx for this machine. */
const SHERPA_NATIVE = `sherpa-onnx-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

/** The features, each with the optional packages that serve it. */
export const FEATURES: readonly Feature[] = [
	{
		name: "speech recognition",
		ways: [{ packages: ["sherpa-onnx-node"], native: SHERPA_NATIVE }, { packages: ["sherpa-onnx"] }],
		isCommon: true,
	},
	{ name: "embeddings here", ways: [{ packages: ["@energetic-ai/core"] }], isCommon: true },
	{ name: "language models here", ways: [{ packages: ["node-llama-cpp"] }], isCommon: true },
	{ name: "guest engine jco", ways: [{ packages: ["@bytecodealliance/jco-transpile"] }], isCommon: false },
	{ name: "guests, QuickJS", ways: [{ packages: ["esbuild", "componentize-qjs"] }], isCommon: true },
	{
		name: "guests, StarlingMonkey",
		ways: [{ packages: ["esbuild", "@bytecodealliance/componentize-js"] }],
		isCommon: false,
	},
	{ name: "telemetry", ways: [{ packages: ["@opentelemetry/api"] }], isCommon: false },
	{ name: "tools of MCP", ways: [{ packages: ["@modelcontextprotocol/client"] }], isCommon: false },
	{ name: "several hosts", ways: [{ packages: ["ioredis"] }], isCommon: false },
	{ name: "keys of AWS and S3", ways: [{ packages: ["@smithy/signature-v4"] }], isCommon: false },
];
