import type * as cchat from "../../../../../generated/ir/cchat.ts";

/** Functions that leave a field out of a request. */
const WITHOUT = {
	"messages.name": (request: cchat.Request): cchat.Request => ({
		...request,
		messages: request.messages.map(({ name: _, ...message }) => message),
	}),
	"tools.strict": (request: cchat.Request): cchat.Request => ({
		...request,
		tools: request.tools.map(({ strict: _, ...tool }) => tool),
	}),
	"params.parallel_tool_calls": withoutParam("parallel_tool_calls"),
	"params.presence_penalty": withoutParam("presence_penalty"),
	"params.frequency_penalty": withoutParam("frequency_penalty"),
	"params.reasoning_effort": withoutParam("reasoning_effort"),
};

/** A field that a quirk may leave out. */
export type Dropped = keyof typeof WITHOUT;

export function withoutField(request: cchat.Request, field: Dropped): cchat.Request {
	return WITHOUT[field](request);
}

export function isDropped(field: string): field is Dropped {
	return Object.hasOwn(WITHOUT, field);
}

function withoutParam(name: keyof cchat.Params): (request: cchat.Request) => cchat.Request {
	return ({ params, ...request }) => {
		if (params === undefined) return request;
		const { [name]: _, ...others } = params;
		return { ...request, params: { stop: [], ...others } };
	};
}
