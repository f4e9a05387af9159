/** Figure 3: the architecture, read off the definition that is trained. On the left what its modules are made of, in
 *  the first of each kind; on the right the whole network, every part with the shape of its output, its parameters and
 *  its multiply-adds. */
import type { Cifar10Model } from '../contract.ts';
import type { Measured, Shape } from '../models/measure.ts';
import { measureNetwork } from '../models/network.ts';
import { afterConvolution, branchesOf, nameOf, shapeText, stagesOf, wordingOf } from '../models/wording.ts';
import { csv } from './csv.ts';
import { type Diagram, diagram } from './diagram.ts';
import type { Drawing } from './line-chart.ts';
import { moduleKey } from './module-key.ts';
import { networkColumn } from './network-column.ts';
import { count } from './stamp.ts';
import { MODEL_STYLE } from './theme.ts';

const KEY_WIDTH = 250;
const OF_WINDOWS =
  'In a box: filters of a convolution; under them the shape of the output and the parameters. “/ 2”: windows two pixels ' +
  'apart; SAME padding everywhere.';

export function figure3({ model }: { model: Cifar10Model }): Drawing {
  const network = measureNetwork(model);
  const stages = stagesOf(network);
  const key = moduleKey(stages);
  const left = key.boxes.length > 0 ? KEY_WIDTH : 0;
  const column = networkColumn(network.input, stages, left);
  const name = MODEL_STYLE[model].label;
  const spec = diagram(
    {
      title: `Figure 3: architecture of ${name}${model.startsWith('mlp') ? '' : ' (small)'}`,
      stamp: [
        'Drawn from the network’s own definition',
        `${count(network.parameters)} parameters`,
        `${(network.multiplyAdds / 1e6).toFixed(1)} million multiply-adds an image`,
      ].join(' · '),
      caption: [
        ...(key.boxes.length > 0 ? [OF_WINDOWS] : []),
        'Multiply-adds: of convolutions and matrix products, one image forward.',
      ],
      width: left + column.width,
      height: Math.max(key.height, column.height),
    },
    joined(key, column),
  );
  return { spec, csv: csv(COLUMNS, rowsOf(network.input, stages)) };
}

const joined = (one: Diagram, other: Diagram): Diagram => ({
  boxes: [...one.boxes, ...other.boxes],
  lines: [...one.lines, ...other.lines],
  words: [...one.words, ...other.words],
});

const COLUMNS = ['module', 'kind', 'input_shape', 'output_shape', 'parameters', 'multiply_adds'];

/** A row for every part and, under a module, one for each of its branches. */
function rowsOf(image: Shape, stages: Measured[]) {
  const rowOf = (measured: Measured) => [
    nameOf(measured),
    [
      wordingOf(measured),
      ...(measured.structure.op === 'convolution' ? afterConvolution(measured.structure) : []),
    ].join(', '),
    shapeText(measured.input),
    shapeText(measured.output),
    measured.parameters,
    measured.multiplyAdds,
  ];
  return [
    ['', 'image', '', shapeText(image), 0, 0],
    ...stages.flatMap((stage) => {
      const branches = branchesOf(stage);
      const inner = branches.length > 1 ? branches : [];
      return [stage, ...inner].map(rowOf);
    }),
  ];
}
