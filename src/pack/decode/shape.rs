//! What a path leads to, as far as the schema knows.

use crate::pack::fault::nearest;
use crate::pack::model::Filter;
use crate::tenant::schema::{Collection, Kind, Property};

/// What stands at the end of a path.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// An object of one of these collections.
    Objects(Vec<Collection>),
    /// A property.
    Property(&'static Property),
    /// A text made from the value.
    Text,
    /// An object or an element with these names in it; empty for any.
    Inside(&'static [&'static str]),
    /// Nobody knows.
    Anything,
}

/// A name that is not in the schema.
#[derive(Debug)]
pub(crate) struct Unknown {
    pub(crate) name: String,
    /// In what it was looked for, in words.
    pub(crate) place: String,
    pub(crate) nearest: Option<&'static str>,
}

impl Shape {
    /// Follows a path from here.
    pub(crate) fn follow(&self, segments: &[String], filters: &[Filter]) -> Result<Self, Unknown> {
        let mut shape = self.clone();
        for segment in segments {
            shape = shape.step(segment)?;
        }
        Ok(if filters.is_empty() { shape } else { shape.filtered() })
    }

    fn step(&self, name: &str) -> Result<Self, Unknown> {
        let inside = match self {
            Self::Objects(collections) => return step_into(collections, name),
            Self::Property(property) => property.inside,
            Self::Inside(names) => names,
            Self::Text | Self::Anything => &[],
        };
        if inside.is_empty() || inside.contains(&name) {
            return Ok(Self::Anything);
        }
        let place = match self {
            Self::Property(property) => format!("`{}`", property.name),
            _ => "the element".to_owned(),
        };
        Err(Unknown { name: name.to_owned(), place, nearest: nearest(name, inside.iter().copied()) })
    }

    /// A filter makes text of a text, and a list of texts of a list.
    fn filtered(self) -> Self {
        match self {
            Self::Property(property) if matches!(property.kind, Kind::Texts) => Self::Property(property),
            Self::Property(_) => Self::Text,
            other => other,
        }
    }

    /// The elements of a list; none if it is known to be no list.
    pub(crate) fn elements(&self) -> Option<Self> {
        match self {
            Self::Property(Property { kind: Kind::Objects, inside, .. }) => Some(Self::Inside(inside)),
            Self::Property(Property { kind: Kind::Texts, .. }) => Some(Self::Text),
            Self::Property(_) | Self::Text | Self::Objects(_) => None,
            Self::Inside(_) | Self::Anything => Some(Self::Anything),
        }
    }

    /// The type of the value; none if it is not known.
    pub(crate) fn kind(&self) -> Option<Kind> {
        match self {
            Self::Property(property) => Some(property.kind),
            Self::Text => Some(Kind::Text),
            Self::Objects(_) => Some(Kind::Object),
            Self::Inside(_) | Self::Anything => None,
        }
    }
}

fn step_into(collections: &[Collection], name: &str) -> Result<Shape, Unknown> {
    if collections.is_empty() || name.starts_with('@') {
        return Ok(Shape::Anything);
    }
    if let Some(property) = collections.iter().find_map(|collection| collection.property(name)) {
        return Ok(Shape::Property(property));
    }
    let names = collections.iter().flat_map(|collection| collection.schema().properties).map(|known| known.name);
    let place: Vec<_> = collections.iter().map(|collection| format!("`{}`", collection.name())).collect();
    Err(Unknown { name: name.to_owned(), place: place.join(", "), nearest: nearest(name, names) })
}

/// A kind in words.
pub(crate) fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a text",
        Kind::Flag => "true or false",
        Kind::Number => "a number",
        Kind::Date => "a date",
        Kind::Texts => "a list of texts",
        Kind::Object => "an object",
        Kind::Objects => "a list of objects",
    }
}
