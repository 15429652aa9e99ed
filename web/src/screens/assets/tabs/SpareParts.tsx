import { partsOf } from '../../stock/spareParts'
import { SparePartList } from '../../stock/SparePartList'
import type { TabProps } from '../AssetPage'

/** The items that belong into an asset: its own list, and what its template says. */
export const SpareParts = ({ asset }: TabProps) => <SparePartList of={partsOf(asset)} locked={Boolean(asset.archived_at)} />
