export type { Route, RouteMethod } from "./exchange.ts";
