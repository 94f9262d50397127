/** For the packages of zcast itself: what they share and nobody else needs. It may change with any version. */
export { HoldRequest } from './hold-request.ts'
export { KnownLabels } from './known-labels.ts'
export { laneOf, LaneSubscriptions, takeOffLane } from './lane/lane-subscriptions.ts'
