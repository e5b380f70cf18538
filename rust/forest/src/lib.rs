//! Decision trees as plain arrays, walked for many rows at once: what one packet looks like, for thousands of packets.
//!
//! Rows go down a tree in blocks, so that the tree stays in the processor's nearest memory, and several at a time, so
//! that one waits for its node while others compare.
#![forbid(unsafe_code)]

use std::fmt;

/// Steps from the root of a tree to any of its leaves, at most: a forest with a ring in it ends too.
const DEEPEST: usize = 64;
/// Rows that go down one tree before the next one is taken.
const BLOCK: usize = 512;
/// Rows that go down together.
const ABREAST: usize = 8;

/// Where the arrays of a forest do not fit each other.
#[derive(Debug, PartialEq, Eq)]
pub struct Unsound(&'static str);

impl fmt::Display for Unsound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the forest points outside itself: {}", self.0)
    }
}

impl std::error::Error for Unsound {}

/// A row goes `left` where its `feature` is at most `threshold`; below 0, `!left` is the leaf's row of shares.
#[derive(Clone, Copy)]
struct Node {
    threshold: f32,
    feature: u32,
    left: i32,
    right: i32,
}

/// The arrays of which a forest is made: all trees in one, a root each; of each leaf a row of shares.
pub struct Arrays<'a> {
    pub roots: &'a [i32],
    pub feature: &'a [i32],
    pub threshold: &'a [f32],
    pub left: &'a [i32],
    pub right: &'a [i32],
    pub shares: &'a [f32],
    pub classes: usize,
    /// Numbers that a row has.
    pub columns: usize,
}

/// All trees, each node known to lead to another or to a leaf.
pub struct Forest {
    roots: Vec<u32>,
    nodes: Vec<Node>,
    shares: Vec<f32>,
    classes: usize,
    columns: usize,
    trees: u16,
}

impl Forest {
    /// The forest of these arrays.
    ///
    /// # Errors
    /// A number points outside the forest.
    pub fn new(arrays: &Arrays<'_>) -> Result<Self, Unsound> {
        let count = arrays.left.len();
        if [
            arrays.right.len(),
            arrays.feature.len(),
            arrays.threshold.len(),
        ] != [count; 3]
        {
            return Err(Unsound("its arrays differ in length"));
        }
        if arrays.classes == 0
            || arrays.columns == 0
            || !arrays.shares.len().is_multiple_of(arrays.classes)
        {
            return Err(Unsound("shares are not whole rows"));
        }
        let trees = u16::try_from(arrays.roots.len())
            .map_err(|_| Unsound("it has more than 65,535 trees"))?;
        let leaves = arrays.shares.len() / arrays.classes;
        let inside = |at: i32| usize::try_from(at).is_ok_and(|at| at < count);
        let mut nodes = Vec::with_capacity(count);
        for at in 0..count {
            let (left, right, feature) = (arrays.left[at], arrays.right[at], arrays.feature[at]);
            let leaf = left < 0;
            let whole = if leaf {
                usize::try_from(!left).is_ok_and(|row| row < leaves)
                    && (right == -1 || inside(right))
            } else {
                inside(left) && inside(right)
            };
            if !whole {
                return Err(Unsound("a node leads nowhere"));
            }
            let feature = u32::try_from(feature).unwrap_or(u32::MAX);
            if !leaf && feature as usize >= arrays.columns {
                return Err(Unsound("a node asks for a number that rows do not have"));
            }
            let feature = if leaf { 0 } else { feature };
            nodes.push(Node {
                threshold: arrays.threshold[at],
                feature,
                left,
                right,
            });
        }
        let roots = arrays.roots.iter().map(|&root| {
            u32::try_from(root)
                .ok()
                .filter(|&root| inside(root.cast_signed()))
        });
        let roots = roots
            .collect::<Option<Vec<_>>>()
            .ok_or(Unsound("a tree has no root"))?;
        Ok(Self {
            roots,
            nodes,
            shares: arrays.shares.to_vec(),
            classes: arrays.classes,
            columns: arrays.columns,
            trees,
        })
    }

    /// Numbers that a row has.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// For each row of `numbers` the share of each class, the mean over all trees; added up tree by tree, in their order.
    #[must_use]
    pub fn shares(&self, numbers: &[f32]) -> Vec<f32> {
        let rows = numbers.len() / self.columns;
        let mut total = vec![0.0; rows * self.classes];
        let blocks = numbers
            .chunks(BLOCK * self.columns)
            .zip(total.chunks_mut(BLOCK * self.classes));
        for (block, sums) in blocks {
            for &root in &self.roots {
                let together = block
                    .chunks(ABREAST * self.columns)
                    .zip(sums.chunks_mut(ABREAST * self.classes));
                for (some, sums) in together {
                    self.add(root, some, sums);
                }
            }
        }
        let trees = f32::from(self.trees.max(1));
        for sum in &mut total {
            *sum /= trees;
        }
        total
    }

    /// Adds what one tree says of up to `ABREAST` rows.
    fn add(&self, root: u32, rows: &[f32], sums: &mut [f32]) {
        let mut at = [root as usize; ABREAST];
        for _ in 0..DEEPEST {
            let mut inner = false;
            for (place, row) in at.iter_mut().zip(rows.chunks_exact(self.columns)) {
                let node = self.nodes[*place];
                if node.left >= 0 {
                    inner = true;
                    let next = if row[node.feature as usize] <= node.threshold {
                        node.left
                    } else {
                        node.right
                    };
                    *place = next.cast_unsigned() as usize;
                }
            }
            if !inner {
                break;
            }
        }
        for (place, sums) in at.iter().zip(sums.chunks_exact_mut(self.classes)) {
            let left = self.nodes[*place].left;
            if left < 0 {
                let leaf = (!left).cast_unsigned() as usize * self.classes;
                for (sum, share) in sums.iter_mut().zip(&self.shares[leaf..leaf + self.classes]) {
                    *sum += share;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two trees over two numbers: one asks whether the first is at most 1, the other is a leaf.
    fn arrays() -> Arrays<'static> {
        Arrays {
            roots: &[0, 3],
            feature: &[0, 0, 0, 0],
            threshold: &[1.0, 0.0, 0.0, 0.0],
            left: &[1, !0, !1, !2],
            right: &[2, 0, 0, 0],
            shares: &[1.0, 0.0, 0.0, 1.0, 0.5, 0.5],
            classes: 2,
            columns: 2,
        }
    }

    #[test]
    fn rows_go_the_way_their_numbers_say() {
        let forest = Forest::new(&arrays()).unwrap();
        let rows = [1.0, 9.0, 1.5, 9.0, f32::NAN, 0.0];
        assert_eq!(forest.shares(&rows), [0.75, 0.25, 0.25, 0.75, 0.25, 0.75]);
        assert!(forest.shares(&[]).is_empty());
    }

    #[test]
    fn many_rows_are_told_as_each_alone() {
        let forest = Forest::new(&arrays()).unwrap();
        let rows: Vec<f32> = (0..3001_u16)
            .flat_map(|row| [f32::from(row % 3), 0.0])
            .collect();
        let alone: Vec<f32> = rows.chunks(2).flat_map(|row| forest.shares(row)).collect();
        assert_eq!(forest.shares(&rows), alone);
    }

    #[test]
    fn what_points_outside_is_refused() {
        let unsound = [
            Arrays {
                left: &[9, !0, !1, !2],
                ..arrays()
            },
            Arrays {
                left: &[1, !3, !1, !2],
                ..arrays()
            },
            Arrays {
                right: &[-1, 0, 0, 0],
                ..arrays()
            },
            Arrays {
                right: &[2, -9, 0, 0],
                ..arrays()
            },
            Arrays {
                feature: &[2, 0, 0, 0],
                ..arrays()
            },
            Arrays {
                feature: &[0],
                ..arrays()
            },
            Arrays {
                roots: &[4],
                ..arrays()
            },
            Arrays {
                shares: &[1.0; 5],
                ..arrays()
            },
        ];
        assert!(unsound.iter().all(|arrays| Forest::new(arrays).is_err()));
    }

    #[test]
    fn a_ring_ends_without_a_word() {
        let ring = Arrays {
            left: &[0, !0, !1, !2],
            right: &[0, 0, 0, 0],
            ..arrays()
        };
        assert_eq!(
            Forest::new(&ring).unwrap().shares(&[0.0, 0.0]),
            [0.25, 0.25]
        );
    }
}
