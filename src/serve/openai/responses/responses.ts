import type { ChatApi } from "../chat-api.ts";
import { failedAnswer } from "../failed-answer.ts";
import { responsesField } from "./fields.ts";
import { type ResponsesCall, responsesCall } from "./request.ts";
import { responseBody } from "./response.ts";
import { ResponsesEvents } from "./stream.ts";

/** Name of the model in events of a request that names none. */
const DEFAULT_MODEL = "default";

/** Responses, without the state that OpenAI keeps: `POST /v1/responses`. */
export const responsesApi: ChatApi<ResponsesCall> = {
	call: responsesCall,
	failed: (thrown, c, context) => failedAnswer(thrown, c, context, responsesField),
	answer: (response, { echo }, facts) => responseBody(response, echo, facts),
	stream: ({ payload, echo }, facts) => new ResponsesEvents({ ...facts, echo, model: payload.model ?? DEFAULT_MODEL }),
};
