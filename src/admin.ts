/** A client of the admin API of `spear serve`: `spear-hostcall/admin`. */
export {
	type AdminCallOptions,
	AdminClient,
	type AdminClientOptions,
	type DecisionQuery,
	type RunQuery,
	type TrafficQuery,
} from "./admin-client/admin-client.ts";
export { AdminError } from "./admin-client/admin-error.ts";
export type { EventOptions } from "./admin-client/events.ts";
export type * from "./serve/admin/api.ts";
