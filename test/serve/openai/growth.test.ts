/** The cost of a hostile request grows linearly with its size. */
import { test } from "uvu";
import type * as cchat from "../../../generated/ir/cchat.ts";
import { messagesCall } from "../../../src/serve/anthropic/request.ts";
import { answerParts, assistantContent } from "../../../src/serve/openai/assistant-parts.ts";
import { readJsonBody } from "../../../src/serve/openai/body.ts";
import { chatCall } from "../../../src/serve/openai/chat/request.ts";
import { type Detail, printDetails } from "../../../src/serve/openai/details.ts";
import { responsesCall } from "../../../src/serve/openai/responses/request.ts";
import { assertLinear, type GrowthCase } from "../../helpers/growth.ts";

const many = <T>(size: number, make: (index: number) => T): T[] => Array.from({ length: size }, (_, index) => make(index));
const hi = { role: "user", content: "Hi" };
const detail = (offset: number): Detail => ({ offset, text: "y", sealed: { provider: "p", kind: "k", data: Uint8Array.of(1) } });
const token = (offset: number): string => printDetails([detail(offset)]);

const body = (text: string): (() => Request) => {
	const headers = { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) };
	return () => new Request("http://127.0.0.1/", { method: "POST", body: text, headers });
};

const CASES: readonly GrowthCase[] = [
	{ name: "messages", make: (size) => ({ messages: many(size, () => hi) }), run: chatCall },
	{
		name: "parts",
		make: (size) => ({ messages: [{ role: "user", content: many(size, () => ({ type: "text", text: "x" })) }] }),
		run: chatCall,
	},
	{
		name: "calls and results",
		make: (size) => ({
			messages: [
				{ role: "assistant", tool_calls: many(size, (index) => ({ id: `c${index}`, function: { name: "f", arguments: "" } })) },
				...many(size, (index) => ({ role: "tool", tool_call_id: `c${index}`, content: "x", name: "f" })),
			],
		}),
		run: chatCall,
	},
	{
		name: "details within one text",
		make: (size) => ({
			messages: [
				{
					role: "assistant",
					content: "x".repeat(size),
					reasoning_details: many(size, (index) => ({ type: "reasoning.encrypted", data: token(size - index) })),
				},
			],
		}),
		run: chatCall,
	},
	{
		name: "details at the end of many texts",
		make: (size) => ({
			messages: [
				{
					role: "assistant",
					content: many(size, () => ({ type: "text", text: "" })),
					reasoning_details: many(size, () => ({ type: "reasoning.encrypted", data: token(5) })),
				},
			],
		}),
		run: chatCall,
	},
	{
		name: "unknown members",
		make: (size) => ({ messages: [hi], ...Object.fromEntries(many(size, (index) => [`m${index}`, index])) }),
		run: chatCall,
	},
	{
		name: "unknown members of a message",
		make: (size) => ({ messages: [{ ...hi, ...Object.fromEntries(many(size, (index) => [`m${index}`, []])) }] }),
		run: chatCall,
	},
	{
		name: "base64",
		make: (size) => ({
			messages: [
				{
					role: "user",
					content: [{ type: "image_url", image_url: { url: `data:image/png;base64,${"A".repeat(size)}${"=".repeat(size)}!` } }],
				},
			],
		}),
		run: chatCall,
	},
	{
		name: "base64 of spaces",
		make: (size) => ({
			messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: `data:image/png;base64,${" ".repeat(size)}!` } }] }],
		}),
		run: chatCall,
	},
	{
		name: "parameters of a media type",
		make: (size) => ({
			messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: `data:image/png${";a".repeat(size)};base64,AAAA` } }] }],
		}),
		run: chatCall,
	},
	{ name: "items", make: (size) => ({ input: many(size, () => hi) }), run: responsesCall },
	{
		name: "items of one turn",
		make: (size) => ({
			input: many(size, (index) =>
				index % 2 === 0 ? { role: "assistant", content: "x" } : { type: "reasoning", summary: [], encrypted_content: token(index) },
			),
		}),
		run: responsesCall,
	},
	{
		name: "details of one item",
		make: (size) => ({ input: [{ type: "reasoning", summary: [], encrypted_content: printDetails(many(size, detail)) }] }),
		run: responsesCall,
	},
	{
		name: "brackets within a token",
		make: (size) => ({
			input: [{ type: "reasoning", summary: [], encrypted_content: `spear1.${Buffer.from("[".repeat(size)).toString("base64url")}` }],
		}),
		run: responsesCall,
	},
	{
		name: "an answer of many parts",
		make: (size): cchat.Message => ({
			role: "assistant",
			content: many(size, (index) => (index % 2 === 0 ? { type: "text", text: "x" } : { type: "reasoning", reasoning: { text: "y" } })),
			tool_calls: [],
		}),
		run: (message: cchat.Message) => {
			const { text, details } = answerParts(message);
			return assistantContent([text], details);
		},
	},
	{
		name: "messages of Anthropic",
		make: (size) => ({ messages: many(size, () => ({ role: "user", content: [{ type: "text", text: "x" }] })) }),
		run: messagesCall,
	},
	{
		name: "blocks of Anthropic",
		make: (size) => ({
			messages: [
				{
					role: "assistant",
					content: many(size, (index) =>
						index % 2 === 0 ? { type: "text", text: "x" } : { type: "tool_use", id: `c${index}`, name: "f", input: {} },
					),
				},
			],
		}),
		run: messagesCall,
	},
	{
		name: "details of Anthropic",
		make: (size) => {
			const data = printDetails(many(size, detail));
			return {
				messages: [
					{
						role: "assistant",
						content: [
							{ type: "text", text: "x".repeat(size) },
							{ type: "redacted_thinking", data },
						],
					},
				],
			};
		},
		run: messagesCall,
	},
	{
		name: "a body of brackets",
		make: (size) => body("[".repeat(size)),
		run: (make: () => Request) => readJsonBody(make(), { maxBytes: 1 << 30 }).catch(() => {}),
	},
	{
		name: "a body of escapes",
		make: (size) => body(`{"messages":"${"\\ud800".repeat(size)}"}`),
		run: (make: () => Request) =>
			readJsonBody(make(), { maxBytes: 1 << 30 })
				.then(chatCall)
				.catch(() => {}),
	},
];

for (const growth of CASES) {
	test(`${growth.name}: the cost grows linearly`, () =>
		assertLinear({
			...growth,
			run: (input) => {
				try {
					return growth.run(input);
				} catch {
					return undefined;
				}
			},
		}));
}

test.run();
