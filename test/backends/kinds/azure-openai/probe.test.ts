import { AzureOpenAI } from "openai";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { azure, KEY } from "./azure.ts";

const LIST = answer.json({ object: "list", data: [{ id: "gpt-4o-2024-08-06" }] });

test("a probe asks for the models of the resource as the SDK does, and belongs to no deployment", () =>
	azure([LIST, LIST], async ({ backend, server, context, endpoint }) => {
		await backend.probe?.(context);
		await new AzureOpenAI({ apiKey: KEY, endpoint, apiVersion: "2024-10-21", maxRetries: 0, logLevel: "off" }).models.list();
		const [ours, theirs] = [await server.request(0), await server.request(1)];
		assert.equal([ours.method, ours.path], ["GET", "/openai/models?api-version=2024-10-21"]);
		assert.equal([ours.method, ours.path, ours.headers["api-key"]], [theirs.method, theirs.path, theirs.headers["api-key"]]);
		assert.is(backend.listModels, undefined, "deployments have names of their own");
		await server.close();
	}));

test("a probe under /openai/v1 names no version, and shows a refused key", () =>
	azure(
		[answer.status(401, { error: { code: "401", message: "Access denied" } })],
		async ({ backend, server, context }) => {
			assert.is((await failure(backend.probe?.(context) ?? Promise.resolve())).attribution, "credentials");
			assert.is((await server.request(0)).path, "/openai/v1/models");
		},
		{ path: "/openai/v1" },
	));

test.run();
