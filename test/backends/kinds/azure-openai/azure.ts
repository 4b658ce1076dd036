import type { BackendContext } from "../../../../generated/backends/backend.ts";
import type { Backend, InstanceConfig } from "../../../../src/backends/backend.ts";
import { azureOpenai } from "../../../../src/backends/kinds/azure-openai/index.ts";
import { type Behaviour, OpenAiServer } from "../../../helpers/openai-server.ts";
import { contextOf } from "../../context.ts";

/** The key of every test. No error may hold it. */
export const KEY = "azure-canary-5d90b1e7f2c4";

/** An instance, its upstream, and a context with the key. */
export interface AzureSetting {
	readonly backend: Backend;
	readonly server: OpenAiServer;
	readonly context: BackendContext;
	/** Origin of the upstream: the endpoint of the resource. */
	readonly endpoint: string;
}

/**
 * Runs a test against an instance whose upstream plays a script. Fails if a connection is open after it.
 *
 * @param path Appended to the origin of the upstream. The default is that of a resource.
 */
export async function azure(
	script: readonly Behaviour[],
	run: (setting: AzureSetting) => Promise<void>,
	{ path = "", options = {} }: { readonly path?: string; readonly options?: InstanceConfig["options"] } = {},
): Promise<void> {
	const server = await OpenAiServer.start(...script);
	const endpoint = new URL(server.baseUrl).origin;
	const backend = azureOpenai.create({ name: "up", kind: "azure-openai", base_url: endpoint + path, models: ["gpt-4o"], options });
	try {
		await run({ backend, server, context: contextOf({ requestId: "req-1", apiKey: KEY }), endpoint });
		await backend.close();
		await server.quiet();
	} finally {
		await backend.close();
		await server.close();
	}
}

/** Returns an operation of a backend. Fails if the kind does not serve it. */
export function served<T>(operation: T | undefined): T {
	if (operation === undefined) throw new Error("the kind does not serve the operation");
	return operation;
}
